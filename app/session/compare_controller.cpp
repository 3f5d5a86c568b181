#include "app/session/compare_controller.h"

#include "app/session/convert.h"
#include "app/worker/received.h"
#include "contract/compare.h"
#include "ui/round/alert_text.h"

#include <QLocale>

#include <algorithm>
#include <map>

namespace stet::app {

using namespace annotate;
using workflow::Comparison;
using workflow::ComparisonRequest;
namespace method = contract::method;

namespace {

// Stands among the choices of a round, where ids of items are JSON: the measures were looked at.
constexpr const char* kRevealed = "revealed";

QString percent(int part, int all)
{
    return all == 0 ? QStringLiteral("–") : QLocale().toString(100.0 * part / all, 'f', 0) + QStringLiteral(" %");
}

ui::Preference preferenceFrom(const std::string& name)
{
    return name == "before" ? ui::Preference::Before : name == "after" ? ui::Preference::After : ui::Preference::Equal;
}

std::string preferenceName(ui::Preference preference)
{
    return preference == ui::Preference::Before ? "before" : preference == ui::Preference::After ? "after" : "equal";
}

// Which side is A and which B; the same each time a round is looked at.
std::uint32_t shuffleSeed(int round)
{
    constexpr std::uint32_t kOdd = 2654435761U;  // neighbouring rounds get seeds far apart
    return static_cast<std::uint32_t>(round) * kOdd;
}

}  // namespace

CompareController::CompareController(const SessionContext& session, ui::ComparePage& page, QObject* parent)
    : QObject(parent), m_session(session), m_page(page)
{
    page.setRound(0, 0);  // another project's comparison
    using Page = ui::ComparePage;
    connect(&page, &Page::adoptRequested, this, &CompareController::adoptRequested);
    connect(&page, &Page::discardRequested, this, &CompareController::discardRequested);
    connect(&page, &Page::nextRoundRequested, this, &CompareController::nextRoundRequested);
    connect(&page, &Page::instructionsRequested, this, &CompareController::instructionsRequested);
    connect(&page, &Page::startCompareRequested, this, [this] { m_session.frame.setPage(ui::Page::Rounds); });
    connect(&page, &Page::measuresRevealed, this, [this](int round) {
        m_session.write([round](Project& project) { project.setChoice(round, kRevealed, "yes"); });
    });
    connect(&page, &Page::preferenceChosen, this, [this](int round, const QString& item, ui::Preference preference) {
        m_session.write([round, id = item.toStdString(), name = preferenceName(preference)](Project& project) {
            project.setChoice(round, id, name);
        });
    });
    connect(&session.worker, &WorkerRequests::notified, this, [this](const QString& name, const std::string& params) {
        if (name != QLatin1String(method::kCompareProgress)) {
            return;
        }
        const auto progress = received<contract::CompareProgress>(params, method::kCompareProgress);
        m_page.setProgress(static_cast<int>(progress.done), static_cast<int>(progress.total));
    });
    connect(&session.state, &SessionState::adopted, this, [this](int round) { showDecision(round, true); });
}

std::function<void(FailureReport)> CompareController::showProblem()
{
    return [this](const FailureReport& report) {
        m_page.setProgress(0, 0);
        m_page.setProblem(qstr(report.message));
    };
}

void CompareController::compare(int round)
{
    m_gone = true;
    m_session.frame.dismiss(QStringLiteral("round-finished"));
    m_session.frame.setPage(ui::Page::Compare);
    if (round != m_round || !m_request.underWay()) {
        begin(round);
    }
}

void CompareController::announce(int round, bool lookedAt)
{
    m_session.frame.notify({QStringLiteral("round-finished"),
                            ui::Notice::Level::Good,
                            tr("Round %1 is trained.").arg(round),
                            {{QString::number(round), tr("Compare now")}}});
    if (!lookedAt) {
        m_gone = false;
        begin(round);
    }
}

void CompareController::begin(int round)
{
    m_round = round;
    m_page.setRound(round, shuffleSeed(round));
    m_page.setProblem({});
    m_page.setProgress(0, 0);
    m_request.ask<ComparisonRequest>(
        m_session.store, Priority::Read,
        [round](Project& project) { return workflow::planComparison(project, round, false); },
        [this](const ComparisonRequest& request) { request.done ? read() : ask(request); }, showProblem());
}

void CompareController::ask(const ComparisonRequest& request)
{
    m_page.setProgress(0, 1);
    Json params = toJson(request.detection);
    params.update({{"before", request.before},
                   {"after", request.after},
                   {"in", request.in},
                   {"out", request.out},
                   {"max_new_tokens", request.maxNewTokens}});
    m_request.ask(m_session.worker, method::kCompare, params, [this](const WorkerReply& reply) {
        m_page.setProgress(0, 0);
        if (std::holds_alternative<Json>(reply)) {
            read();
        } else if (const auto* report = std::get_if<FailureReport>(&reply)) {
            m_page.setProblem(qstr(report->message));
        }
    });
}

void CompareController::read()
{
    m_request.ask<Comparison>(
        m_session.store, Priority::Read,
        [round = m_round](Project& project) {
            Comparison comparison = workflow::readComparison(project, round);
            comparison.alerts = workflow::recordComparison(project, comparison);
            return comparison;
        },
        [this](const Comparison& comparison) {
            show(comparison);
            warn(comparison);
            Q_EMIT compared(comparison.round);
        },
        showProblem());
}

void CompareController::show(const Comparison& comparison)
{
    std::map<QString, ui::Preference> choices;
    bool revealed = false;
    for (const auto& [item, preference] : comparison.choices) {
        if (item == kRevealed) {
            revealed = true;
        } else {
            choices[qstr(item)] = preferenceFrom(preference);
        }
    }
    m_page.setRevealed(revealed);
    m_page.setItems(comparison.items);
    m_page.setChoices(choices);
    m_page.setSummary(summaryFrom(comparison.summary));
    m_shown = std::make_shared<const Comparison>(comparison);
    showMeasures();
    const bool adopted = m_session.state.currentRound() == comparison.round;
    m_page.setAdopted(adopted ? std::optional(true) : std::nullopt);
    if (m_gone) {
        m_session.frame.hideHints();
        m_session.frame.showHint(QStringLiteral("compare"));
    }
}

// Whoever is elsewhere learns it there; on the page the measures say it, too.
void CompareController::warn(const Comparison& comparison)
{
    const auto bad = std::find_if(comparison.alerts.begin(), comparison.alerts.end(),
                                  [](const RoundAlert& alert) { return alert.bad; });
    if (bad != comparison.alerts.end() && !m_gone) {
        m_session.frame.notify({QStringLiteral("round-finished"),
                                ui::Notice::Level::Problem,
                                tr("Round %1 is trained. %2").arg(comparison.round).arg(ui::alertText(*bad)),
                                {{QString::number(comparison.round), tr("Compare now")}}});
    }
}

void CompareController::showMeasures()
{
    const QString opening = qstr(m_shown->watchOpening);
    if (opening.isEmpty()) {
        return;
    }
    int before = 0;
    int after = 0;
    for (const auto& item : m_shown->items) {
        before += item.before.rfind(m_shown->watchOpening, 0) == 0 ? 1 : 0;
        after += item.after.rfind(m_shown->watchOpening, 0) == 0 ? 1 : 0;
    }
    const int all = static_cast<int>(m_shown->items.size());
    m_page.setMeasures({{tr("Responses that open with “%1”").arg(opening), percent(before, all), percent(after, all),
                         after == before ? std::nullopt : std::optional(after < before)}});
}

void CompareController::retranslate()
{
    if (m_shown && m_shown->round == m_round) {
        showMeasures();
    }
}

void CompareController::showDecision(int round, bool adopted)
{
    if (round == m_round) {
        m_page.setAdopted(adopted);
    }
}

}  // namespace stet::app
