#include "ui/annotate/judgment_edit.h"

#include <QEvent>

namespace stet::ui {

JudgmentEdit::JudgmentEdit(QWidget* parent) : WritingEdit(parent)
{
    retranslate();
}

void JudgmentEdit::retranslate()
{
    setAccessibleName(tr("Judgment"));
    setPlaceholderText(m_suggestion.isEmpty() ? tr("What is wrong with this response? Say it in your own words.")
                                              : m_suggestion + QStringLiteral("   ") + tr("(Tab takes this)"));
}

void JudgmentEdit::setSuggestion(const QString& suggestion)
{
    m_suggestion = suggestion;
    retranslate();
}

bool JudgmentEdit::takeSuggestion()
{
    if (!document()->isEmpty() || m_suggestion.isEmpty()) {
        return false;
    }
    insertPlainText(m_suggestion);  // through the cursor, so that undo takes it back
    return true;
}

bool JudgmentEdit::focusNextPrevChild(bool next)
{
    return (next && takeSuggestion()) || WritingEdit::focusNextPrevChild(next);
}

void JudgmentEdit::changeEvent(QEvent* event)
{
    WritingEdit::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

}  // namespace stet::ui
