// AnnotatePage: what the judgment lights up, what is marked by hand or because it is quoted, and what the coach says of
// it.
#include "ui/annotate/annotate_page.h"

#include "ui/annotate/judgment_panel.h"
#include "ui/annotate/response_panel.h"
#include "ui/score/coach.h"
#include "ui/score/heat_map_view.h"
#include "ui/score/inspector_panel.h"

#include <algorithm>
#include <cmath>

namespace stet::ui {

void AnnotatePage::updateCoach()
{
    if (m_askedAbout && judgmentText().trimmed() == *m_askedAbout) {
        return;  // the question stands until it is answered, whatever scores come
    }
    const HeatMapModel& model = m_response->heatMap()->model();
    CoachInput input;
    const bool criticised = m_judgment->verdict() == annotate::Verdict::Criticised;
    input.judgment = criticised ? judgmentText() : QString();
    input.response = m_response->heatMap()->text();
    input.instruction = m_response->instructionText();
    input.tokens = model.tokenCount();
    input.penalised = model.penalisedCount();
    input.scored = model.scored();
    input.stale = model.stale();
    input.flagged = model.flaggedCount();
    input.unlitQuotes = criticised ? static_cast<int>(unlitQuotes().size()) : 0;
    // Counted at another threshold, the share is not this one's: LiveScores asks for that.
    if (m_scores && m_scores->falseAlarmShare && std::abs(m_scores->falseAlarmLambda - lambda()) < 1e-6) {
        input.falseAlarmShare = m_scores->falseAlarmShare;
        input.proposedLambda = m_inspector->isByRate() ? std::nullopt : m_scores->proposedLambda;
        input.flaggedAtProposed = model.flaggedCountAt(m_scores->proposedLambda.value_or(0));
    }
    m_judgment->setCoach(coachAdvice(input));
}

void AnnotatePage::takeMarks(const std::vector<annotate::Mark>& marks)
{
    if (m_item && m_readOnly) {
        m_response->heatMap()->setMarks(m_item->marks);
    } else if (m_item) {
        m_item->marks = marks;
        showScores();
        Q_EMIT marksChanged(m_item->id, marks);
    }
}

// Of what the judgment quotes: where not everything lights up, and nobody marked anything.
std::vector<annotate::TextRange> AnnotatePage::unlitQuotes() const
{
    const HeatMapModel& model = m_response->heatMap()->model();
    auto places = annotate::quotedPlaces(judgmentText().toStdString(), m_item ? m_item->output : std::string());
    const auto settled = [&](const annotate::TextRange& place) {
        return model.isPenalised(place.begin, place.end) ||
            annotate::withFlags(model.marks(), {place}) == model.marks();
    };
    places.erase(std::remove_if(places.begin(), places.end(), settled), places.end());
    return places;
}

void AnnotatePage::markQuoted()
{
    if (!m_item || m_readOnly) {
        return;
    }
    if (const auto places = unlitQuotes(); !places.empty()) {
        const auto marks = annotate::withFlags(m_item->marks, places);
        m_response->heatMap()->setMarks(marks);
        takeMarks(marks);
    }
}

// Where the cursor stands in the judgment, apart from the word before it.
void AnnotatePage::quote(const QString& text)
{
    const QString words = text.trimmed();
    if (!m_item || m_readOnly || words.isEmpty()) {
        return;
    }
    JudgmentEdit* edit = m_judgment->edit();
    const int at = edit->textCursor().position();
    const bool apart = at == 0 || edit->toPlainText().at(at - 1).isSpace();
    edit->textCursor().insertText((apart ? QString() : QStringLiteral(" ")) + QLatin1Char('"') + words +
                                  QLatin1Char('"'));
    focusJudgment();
}

}  // namespace stet::ui
