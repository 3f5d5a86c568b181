#include "app/session/live_scores.h"

#include "app/session/convert.h"
#include "app/session/score_params.h"
#include "base/flag_rule.h"
#include "contract/message.h"

#include <algorithm>

namespace stet::app {

using namespace annotate;
namespace method = contract::method;

namespace {

constexpr int kPauseMs = 200;
constexpr int kAlarmPauseMs = 900;

bool lights(const TokenScores& scores, double lambda)
{
    return std::any_of(scores.logRatio.begin(), scores.logRatio.end(),
                       [&](double ratio) { return flagged(scores.contrast, ratio, lambda); });
}

}  // namespace

LiveScores::LiveScores(const SessionContext& session, ui::AnnotatePage& page, QObject* parent)
    : QObject(parent), m_session(session), m_page(page)
{
    const auto timer = [this](QTimer& t, int ms, auto elapsed) {
        t.setSingleShot(true);
        t.setInterval(ms);
        connect(&t, &QTimer::timeout, this, elapsed);
    };
    timer(m_pause, kPauseMs, [this] { scoreNow(); });
    timer(m_alarmPause, kAlarmPauseMs, [this] { request(true); });
    connect(&session.state, &SessionState::adopted, this, &LiveScores::again);
    connect(&session.state, &SessionState::detectionChanged, this, &LiveScores::again);
    connect(&session.state, &SessionState::lambdaChanged, this, &LiveScores::countAlarmsSoon);
}

void LiveScores::show(const ResponseItem& item, const std::string& judgment, std::vector<std::string> others)
{
    m_item = item;
    m_judgment = judgment;
    m_others = std::move(others);
    if (paintedBy() != m_painted) {
        again();
    }
}

void LiveScores::leave()
{
    m_item.reset();
    m_painted = nullptr;
    m_pause.stop();
    m_alarmPause.stop();
    m_request.drop();
}

void LiveScores::edited(const std::string& judgment)
{
    m_judgment = judgment;
    m_painted = nullptr;
    m_request.drop();
    m_alarmPause.stop();
    m_pause.start();
}

void LiveScores::again()
{
    m_pause.stop();
    m_alarmPause.stop();
    m_painted = nullptr;
    scoreNow();
}

Json LiveScores::params(bool withFalseAlarms) const
{
    const SessionState& state = m_session.state;
    return scoreParams({*m_item, m_judgment, state.adapter(), state.detection(), state.lambda(), m_others},
                       withFalseAlarms);
}

// What the numbers depend on; what is flagged of them at another λ needs no new ones.
Json LiveScores::paintedBy() const
{
    Json asked = params(false);
    asked.erase("lambda");
    return asked;
}

void LiveScores::scoreNow()
{
    if (!m_session.state.isModelLoaded()) {
        m_request.drop();
        m_page.setScoresStale(true);
        m_page.setScoreProblem(m_session.state.modelProblem());
    } else if (m_item && m_item->hasOutput) {
        m_page.setScoresStale(true);
        request(false);
    }
}

void LiveScores::request(bool withFalseAlarms)
{
    m_request.ask(m_session.worker, method::kScore, params(withFalseAlarms),
                  [=, this](const WorkerReply& reply) { take(reply, withFalseAlarms); });
}

// The paint is already right then, also for another λ: only their share is asked for.
void LiveScores::countAlarmsSoon()
{
    if (m_item && judged() && !m_others.empty() && !m_pause.isActive() && m_session.state.isModelLoaded()) {
        m_alarmPause.start();
    }
}

void LiveScores::take(const WorkerReply& reply, bool withFalseAlarms)
{
    if (const auto* line = std::get_if<Json>(&reply)) {
        m_page.setScoreProblem({});
        const auto scores = scoresFrom(*line);
        m_page.setScores(m_item->id, scores);
        m_painted = paintedBy();
        if (judged() && lights(scores, m_session.state.lambda())) {
            m_session.frame.showHint(QStringLiteral("lit"));
        }
        if (!withFalseAlarms && !scores.falseAlarmShare) {
            countAlarmsSoon();
        }
    } else if (const auto* report = std::get_if<FailureReport>(&reply); report != nullptr && !withFalseAlarms) {
        m_page.setScoreProblem(qstr(report->message));
    }
}

}  // namespace stet::app
