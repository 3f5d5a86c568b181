// AnnotatePage: the corrected response.
#include "ui/annotate/annotate_page.h"

#include "ui/annotate/author_text.h"
#include "ui/annotate/correction_panel.h"
#include "ui/annotate/judgment_panel.h"
#include "ui/annotate/writing_edit.h"

namespace stet::ui {

namespace {

std::optional<QString> textOf(const std::optional<std::string>& text)
{
    return text ? std::optional(QString::fromStdString(*text)) : std::nullopt;
}

}  // namespace

void AnnotatePage::showCorrection(bool sameResponse)
{
    CorrectionPanel* correction = m_judgment->correction();
    const auto corrected = textOf(m_item->revisionDraft ? m_item->revisionDraft : m_item->revision);
    if (sameResponse) {
        correction->setCorrected(corrected);
    } else {
        correction->setResponse(QString::fromStdString(m_item->output), corrected);
    }
    correction->setAuthor(m_item->revision ? authorText(m_item->revisedBy) : QString());
}

void AnnotatePage::takeCorrection()
{
    if (!m_item) {
        return;
    }
    const QString text = m_judgment->correction()->correction();
    m_item->revisionDraft = text.toStdString();
    followText();
    updateCoach();
    Q_EMIT revisionEdited(m_item->id, text);
}

// The same key leads there and back.
void AnnotatePage::focusCorrection()
{
    CorrectionPanel* correction = m_judgment->correction();
    if (!m_item || (m_readOnly && !correction->isOpen())) {
        return;
    }
    if (correction->edit()->hasFocus()) {
        focusJudgment();
        return;
    }
    correction->setOpen(true);
    correction->edit()->setFocus(Qt::ShortcutFocusReason);
}

// Is there another correction than the one that is stored?
bool AnnotatePage::isCorrecting() const
{
    const QString text = m_judgment->correction()->correction();
    return !text.isEmpty() && text != textOf(m_item->revision);
}

// What goes along with a verdict: a correction with a criticism, and one that was taken away with any. One that is
// typed under a response that is accepted or skipped stays a draft.
std::optional<QString> AnnotatePage::revisionToSubmit(annotate::Verdict verdict) const
{
    const QString text = m_judgment->correction()->correction();
    const bool goes = verdict == annotate::Verdict::Criticised || text.isEmpty();
    const bool any = !text.isEmpty() || m_item->revision || m_item->revisionDraft;
    return goes && any ? std::optional(text) : std::nullopt;
}

}  // namespace stet::ui
