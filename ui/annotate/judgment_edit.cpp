// The judgment's text box: keys and the grey suggestion.
#include "ui/annotate/judgment_panel.h"

#include <QKeyEvent>
#include <QMimeData>

namespace stet::ui {

namespace {

bool isEnter(const QKeyEvent* key)
{
    return key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
}

}  // namespace

JudgmentEdit::JudgmentEdit(QWidget* parent) : QPlainTextEdit(parent)
{
    setTabChangesFocus(true);
    setLineWrapMode(QPlainTextEdit::WidgetWidth);
    retranslate();
}

void JudgmentEdit::retranslate()
{
    setAccessibleName(tr("Judgment"));
    setPlaceholderText(m_suggestion.isEmpty() ? tr("What is wrong with this response? Say it in your own words.")
                                              : m_suggestion + QStringLiteral("   ") + tr("(Tab takes this)"));
}

QSize JudgmentEdit::sizeHint() const
{
    return {QPlainTextEdit::sizeHint().width(), fontMetrics().lineSpacing() * 5 + 18};
}

QSize JudgmentEdit::minimumSizeHint() const
{
    return {QPlainTextEdit::minimumSizeHint().width(), fontMetrics().lineSpacing() * 2 + 18};
}

void JudgmentEdit::setSuggestion(const QString& suggestion)
{
    m_suggestion = suggestion;
    retranslate();
}

void JudgmentEdit::replaceText(const QString& text)
{
    setPlainText(text);
    moveCursor(QTextCursor::End);
}

bool JudgmentEdit::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        auto* key = static_cast<QKeyEvent*>(event);
        // Ours before any window shortcut: what they mean depends on the text.
        if (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo) || key->key() == Qt::Key_Escape ||
            (isEnter(key) && key->modifiers().testFlag(Qt::ControlModifier))) {
            event->accept();
            return true;
        }
    }
    return QPlainTextEdit::event(event);
}

void JudgmentEdit::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Undo)) {
        document()->isUndoAvailable() ? undo() : Q_EMIT undoBeyond();
    } else if (event->matches(QKeySequence::Redo)) {
        document()->isRedoAvailable() ? redo() : Q_EMIT redoBeyond();
    } else if (isEnter(event) && event->modifiers().testFlag(Qt::ControlModifier)) {
        Q_EMIT submitPressed();
    } else if (event->key() == Qt::Key_Escape) {
        Q_EMIT leavePressed();
    } else {
        QPlainTextEdit::keyPressEvent(event);
    }
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
    return (next && takeSuggestion()) || QPlainTextEdit::focusNextPrevChild(next);
}

void JudgmentEdit::insertFromMimeData(const QMimeData* source)
{
    // Plain text only, whatever the clipboard offers.
    if (source->hasText()) {
        insertPlainText(source->text());
    }
}

void JudgmentEdit::changeEvent(QEvent* event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

}  // namespace stet::ui
