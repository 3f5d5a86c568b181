#include "ui/annotate/annotate_page.h"

#include "ui/annotate/correction_panel.h"
#include "ui/annotate/judgment_panel.h"
#include "ui/annotate/queue_model.h"
#include "ui/annotate/queue_panel.h"
#include "ui/annotate/response_panel.h"
#include "ui/common/hint_bubble.h"
#include "ui/common/key_map.h"
#include "ui/common/key_overlay.h"
#include "ui/common/parts.h"
#include "ui/score/heat_map_view.h"
#include "ui/score/inspector_panel.h"

#include <QApplication>
#include <QLineEdit>
#include <QSplitter>

#include <algorithm>

namespace stet::ui {

void AnnotatePage::setQueue(const std::vector<annotate::ResponseSummary>& rows, bool more)
{
    m_queue->model()->reset(rows, more);
    if (m_item) {
        m_queue->setCurrent(m_item->id);
    }
}

void AnnotatePage::appendQueue(const std::vector<annotate::ResponseSummary>& rows, bool more)
{
    m_queue->model()->append(rows, more);
}

void AnnotatePage::updateQueueRow(const annotate::ResponseSummary& row)
{
    m_queue->model()->update(row);
}

void AnnotatePage::setQueueCounts(const annotate::QueueCounts& counts)
{
    m_queue->setCounts(counts);
}

void AnnotatePage::setProgress(int judgedByYou, double perHour)
{
    m_queue->setProgress(judgedByYou, perHour);
}

void AnnotatePage::setQuery(annotate::QueueFilter filter, const QString& search)
{
    m_queue->setQuery(filter, search);
}

annotate::QueueFilter AnnotatePage::filter() const
{
    return m_queue->filter();
}

QString AnnotatePage::searchText() const
{
    return m_queue->search()->text();
}

void AnnotatePage::setItem(const annotate::ResponseItem& item, int position, int total)
{
    const bool same = m_item && m_item->id == item.id && m_item->output == item.output;
    m_item = item;
    m_allDone.reset();
    m_inTrash = filter() == annotate::QueueFilter::Trash;
    showCentre(true);
    m_response->setItem(item, position, total);
    HeatMapView* heatMap = m_response->heatMap();
    if (!same) {
        m_scores.reset();
        heatMap->setResponse(item.output);
        hideHint();
    }
    m_judgment->setSuggestion(item);
    heatMap->setMarks(item.marks);
    const QString text = QString::fromStdString(item.draft.value_or(item.judgment));
    if (!same || text != m_judgment->edit()->toPlainText()) {
        m_settingText = true;
        m_judgment->edit()->replaceText(text);
        m_settingText = false;
    }
    showCorrection(same);
    m_criticising = false;
    m_askedAbout.reset();
    followText();
    m_queue->setCurrent(item.id);
    showScores();
}

void AnnotatePage::clearItem()
{
    annotate::ResponseItem nothing;
    m_settingText = true;
    m_judgment->edit()->replaceText({});
    m_settingText = false;
    m_judgment->setSuggestion(nothing);
    m_judgment->correction()->setResponse({}, {});
    m_judgment->setVerdict(annotate::Verdict::Open);
    m_judgment->setReplaced(annotate::Verdict::Open);
    m_response->setItem(nothing, 0, 0);
    m_response->heatMap()->setResponse({});
    m_item.reset();
    m_scores.reset();
    m_allDone.reset();
    sayWhyEmpty();
    const bool hadFocus = m_centre->isAncestorOf(QApplication::focusWidget());
    showCentre(false);
    if (hadFocus) {
        setFocus(Qt::OtherFocusReason);  // keys of the page go on
    }
    hideHint();
    showScores();
}

void AnnotatePage::showAllDone(const annotate::QueueCounts& counts)
{
    clearItem();
    m_allDone = counts;
    sayWhyEmpty();
}

void AnnotatePage::sayWhyEmpty()
{
    if (!m_allDone) {
        m_empty->setText(
            tr("Nothing to judge here"),
            m_fresh > 0
                ? tr("%n instruction(s) wait for a response by the model.", nullptr, m_fresh)
                : tr("No response matches this filter. Choose another one, or import responses under Project."));
        m_empty->setAction(m_fresh > 0 ? tr("Let the model answer …") : QString());
        return;
    }
    m_empty->setText(tr("All done"),
                     tr("Every response has its verdict: %1 criticised, %2 accepted, %3 skipped.\n"
                        "Train on them, or bring in more under Project (%4).")
                         .arg(m_allDone->criticised)
                         .arg(m_allDone->accepted)
                         .arg(m_allDone->skipped)
                         .arg(keyText(KeyAction::PageProject)));
    m_empty->setAction(tr("See what will train"));
}

void AnnotatePage::showCentre(bool item)
{
    m_response->setVisible(item);
    m_judgment->setVisible(item);
    m_empty->setVisible(!item);
}

std::optional<annotate::ResponseId> AnnotatePage::currentId() const
{
    return m_item ? std::optional(m_item->id) : std::nullopt;
}

QString AnnotatePage::judgmentText() const
{
    return m_judgment->edit()->toPlainText();
}

void AnnotatePage::setScores(annotate::ResponseId id, const annotate::TokenScores& scores)
{
    if (!m_item || m_item->id != id) {
        return;
    }
    m_scores = scores;
    m_inspector->setProblem({});
    m_response->setScores(m_scores);
    showScores();
}

void AnnotatePage::setScoresStale(bool stale)
{
    m_response->heatMap()->setStale(stale);
    showScores();
}

void AnnotatePage::setScoreProblem(const QString& sentence)
{
    m_inspector->setProblem(sentence);
}

void AnnotatePage::setLambda(double lambda)
{
    m_inspector->setLambda(lambda);
    m_response->setLambda(lambda);
    showScores();
}

void AnnotatePage::setThreshold(const annotate::Threshold& threshold)
{
    m_inspector->setThreshold(threshold);
    setLambda(threshold.lambda);
}

double AnnotatePage::lambda() const
{
    return m_inspector->lambda();
}

void AnnotatePage::setSaved(const SavedState& state)
{
    m_judgment->setSaved(state);
}

void AnnotatePage::setGuidelines(const QString& text)
{
    m_judgment->setGuidelines(text);
}

void AnnotatePage::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    m_judgment->setReadOnly(readOnly);
    m_queue->setReadOnly(readOnly);
}

void AnnotatePage::focusJudgment()
{
    m_judgment->edit()->setFocus(Qt::OtherFocusReason);
}

void AnnotatePage::showHint(const QString& which, const QString& text)
{
    hideHint();
    m_hintKind = which;
    if (which == QStringLiteral("judge")) {
        m_judgment->setLead(text);
    } else {
        m_hint->showAt(QRect(), text);
        placeHint();
    }
}

void AnnotatePage::hideHint()
{
    m_hintKind.clear();
    m_judgment->setLead({});
    m_hint->hide();
}

void AnnotatePage::placeHint()
{
    if (m_hintKind != QStringLiteral("lit")) {
        return;
    }
    const HeatMapView* heatMap = m_response->heatMap();
    QRect target = heatMap->rectOfCell(heatMap->firstFlagged());
    if (target.isNull()) {
        target = QRect(20, 10, 40, 20);
    }
    m_hint->showAt(QRect(heatMap->mapTo(this, target.topLeft()), target.size()), m_hint->text());
}

void AnnotatePage::showKeys()
{
    hideHint();  // it would lie over the keys
    m_keys->open();
}

// Everything that is derived from scores, λ and marks.
void AnnotatePage::showScores()
{
    const HeatMapView* heatMap = m_response->heatMap();
    m_inspector->showModel(heatMap->model());
    m_response->setPale(heatMap->model().scored() && heatMap->model().stale());
    m_inspector->showCell(heatMap->model(), heatMap->shownCell(), heatMap->cellText(heatMap->shownCell()));
    updateCoach();
    placeHint();
}

void AnnotatePage::takeJudgmentEdit()
{
    if (m_settingText || !m_item) {
        return;
    }
    const QString text = judgmentText();
    followText();
    m_item->draft = text.toStdString();
    m_response->heatMap()->setStale(true);
    showScores();
    Q_EMIT judgmentEdited(m_item->id, text);
}

void AnnotatePage::takeLambda(double lambda)
{
    m_response->setLambda(lambda);
    showScores();
    Q_EMIT lambdaChanged(lambda);
}

// Words are a criticism, and so is a correction, also under a response that was accepted or skipped before; without
// either what is stored stands.
void AnnotatePage::followText()
{
    using annotate::Verdict;
    const bool criticised = m_criticising || !judgmentText().trimmed().isEmpty() || isCorrecting();
    const Verdict verdict = criticised ? Verdict::Criticised : m_item->verdict;
    m_judgment->setVerdict(verdict);
    m_judgment->setReplaced(verdict == m_item->verdict ? Verdict::Open : m_item->verdict);
}

void AnnotatePage::giveVerdict(annotate::Verdict verdict)
{
    if (m_item && !m_readOnly) {
        m_judgment->setVerdict(verdict);
        Q_EMIT submitted(m_item->id, verdict, verdict == annotate::Verdict::Criticised ? judgmentText() : QString(),
                         revisionToSubmit(verdict));
    }
}

void AnnotatePage::accept()
{
    giveVerdict(annotate::Verdict::Accepted);
}

void AnnotatePage::skip()
{
    giveVerdict(annotate::Verdict::Skipped);
}

void AnnotatePage::criticise()
{
    if (m_item && !m_readOnly) {
        m_criticising = true;
        followText();
        updateCoach();
        focusJudgment();
    }
}

void AnnotatePage::submit()
{
    if (!m_item || m_readOnly) {
        return;
    }
    const annotate::Verdict verdict = m_judgment->verdict();
    if (verdict == annotate::Verdict::Open) {
        m_judgment->askForVerdict();
    } else if (verdict != annotate::Verdict::Criticised || isMeant(judgmentText().trimmed())) {
        giveVerdict(verdict);
    }
}

// One or two letters are rather a slip than a judgment, and a correction alone says nothing to the objectives that read
// judgments: asked once, in place. Two Chinese characters say enough.
bool AnnotatePage::isMeant(const QString& judgment)
{
    const bool wide = std::any_of(judgment.begin(), judgment.end(), [](QChar c) { return c.unicode() >= 0x2E80; });
    const bool enough = judgment.isEmpty() ? !isCorrecting() : judgment.size() > 2 || (wide && judgment.size() == 2);
    if (enough || m_askedAbout == judgment) {
        return true;
    }
    m_askedAbout = judgment;
    judgment.isEmpty() ? m_judgment->askForWords() : m_judgment->askWhetherMeant(judgment);
    return false;
}

void AnnotatePage::focusResponse()
{
    m_item ? m_response->heatMap()->setFocus(Qt::OtherFocusReason) : setFocus(Qt::OtherFocusReason);
}

void AnnotatePage::toggleBookmark()
{
    if (m_item && !m_readOnly) {
        m_item->bookmarked = !m_item->bookmarked;
        m_response->setBookmarked(m_item->bookmarked);
        Q_EMIT bookmarkToggled(m_item->id, m_item->bookmarked);
    }
}

void AnnotatePage::trashOrRestore()
{
    if (m_item && !m_readOnly) {
        m_inTrash ? Q_EMIT restoreRequested(m_item->id) : Q_EMIT trashRequested(m_item->id);
    }
}

}  // namespace stet::ui
