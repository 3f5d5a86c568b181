#include "app/session/compare_controller.h"

#include "app/session/convert.h"
#include "base/json_lines.h"

#include <QLocale>

#include <filesystem>

namespace stet::app {

using namespace annotate;
namespace method = contract::method;

namespace {

constexpr int kMostTokens = 256;

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

}  // namespace

struct CompareController::Compared {
    int round = 0;
    std::vector<ComparedItem> items;
    CompareSummary summary;
    std::string summaryJson;
    std::string watchOpening;  // a habit whose rate is shown: responses that open with this
    std::vector<std::pair<std::string, std::string>> choices;
};

CompareController::CompareController(ProjectAccess& access, QObject* parent) : QObject(parent), m_access(access)
{
    using Page = ui::ComparePage;
    Page* p = &page();
    connect(p, &Page::adoptRequested, this, &CompareController::adoptRequested);
    connect(p, &Page::discardRequested, this, &CompareController::discardRequested);
    connect(p, &Page::startCompareRequested, this, [this] { m_access.window.setPage(ui::Page::Rounds); });
    connect(p, &Page::preferenceChosen, this, [this](int round, const QString& item, ui::Preference preference) {
        m_access.store.ask<bool>(
            Priority::Write,
            [round, id = item.toStdString(), name = preferenceName(preference)](Project& project) {
                project.setChoice(round, id, name);
                return true;
            },
            [](bool) {}, m_access.complain);
    });
    connect(&access.worker, &WorkerRequests::notified, this, [this](const QString& name, const std::string& params) {
        const Json json = Json::parse(params, nullptr, false);
        if (name == QLatin1String(method::kCompareProgress) && json.is_object()) {
            page().setProgress(json.value("done", 0), json.value("total", 0));
        }
    });
}

ui::ComparePage& CompareController::page() const
{
    return *m_access.window.comparePage();
}

void CompareController::compare(int round)
{
    m_round = round;
    page().setRound(round, static_cast<std::uint32_t>(round) * 2654435761U);
    page().setProblem({});
    m_access.window.setPage(ui::Page::Compare);
    m_access.store.ask<Sides>(
        Priority::Read,
        [round](Project& project) {
            Sides sides;
            for (const auto& record : project.rounds()) {
                if (record.number == round) {
                    sides.before = record.parent == 0 ? "base" : project.adapterFolder(record.parent);
                    sides.after = project.adapterFolder(round);
                    sides.contrast = project.contrastOf(record.preset);
                    sides.done = !record.summaryJson.empty() &&
                        std::filesystem::exists(project.roundFolder(round) + "/compare.jsonl");
                }
            }
            if (!sides.done) {
                project.writeCompareInput(project.roundFolder(round) + "/compare-in.jsonl");
            }
            return sides;
        },
        [this, round](const Sides& sides) { sides.done ? read(round) : ask(round, sides); }, m_access.complain);
}

void CompareController::ask(int round, const Sides& sides)
{
    const std::string folder =
        QStringLiteral("%1/rounds/%2").arg(m_access.folder).arg(round, 4, 10, QLatin1Char('0')).toStdString();
    page().setProgress(0, 1);
    m_access.worker.request(method::kCompare,
                            {{"before", sides.before},
                             {"after", sides.after},
                             {"in", folder + "/compare-in.jsonl"},
                             {"out", folder + "/compare.jsonl"},
                             {"max_new_tokens", kMostTokens},
                             {"lambda", m_access.lambda},
                             {"contrast", sides.contrast}},
                            this, [this, round](const WorkerReply& reply) {
                                page().setProgress(0, 0);
                                if (std::holds_alternative<Json>(reply)) {
                                    read(round);
                                } else if (const auto* report = std::get_if<FailureReport>(&reply)) {
                                    page().setProblem(qstr(report->message));
                                }
                            });
}

void CompareController::read(int round)
{
    m_access.store.ask<Compared>(
        Priority::Read,
        [round](Project& project) {
            Compared compared;
            compared.round = round;
            std::map<std::string, std::string> instructions;
            for (const auto& one : project.instructions("heldout")) {
                instructions[Json::parse(one.externalId).dump()] =
                    one.input.empty() ? one.instruction : one.instruction + "\n" + one.input;
            }
            JsonLinesReader reader(project.roundFolder(round) + "/compare.jsonl");
            for (auto line = reader.next(); line; line = reader.next()) {
                if (line->contains("summary")) {
                    compared.summary = summaryFrom(line->at("summary"));
                    compared.summaryJson = toLine(line->at("summary"));
                } else if (line->at("before").contains("output")) {
                    const std::string id = line->at("id").dump();
                    compared.items.push_back({id, instructions[id], line->at("before").at("output").get<std::string>(),
                                              line->at("after").at("output").get<std::string>()});
                }
            }
            for (auto record : project.rounds()) {
                if (record.number == round && !project.readOnly()) {
                    record.summaryJson = compared.summaryJson;
                    project.updateRound(record);
                }
            }
            compared.choices = project.choices(round);
            compared.watchOpening = project.setting("watch_opening");
            return compared;
        },
        [this](const Compared& compared) {
            if (compared.round == m_round) {
                show(compared);
            }
        },
        [this](const FailureReport& report) { page().setProblem(qstr(report.message)); });
}

void CompareController::show(const Compared& compared)
{
    std::map<QString, ui::Preference> choices;
    for (const auto& [item, preference] : compared.choices) {
        choices[qstr(item)] = preferenceFrom(preference);
    }
    page().setItems(compared.items);
    page().setChoices(choices);
    page().setSummary(compared.summary);
    m_shown = std::make_shared<const Compared>(compared);
    showMeasures();
    const bool adopted = m_access.currentRound == compared.round;
    page().setAdopted(adopted ? std::optional(true) : std::nullopt);
    m_access.window.hideHints();
    m_access.window.showHint(QStringLiteral("compare"));
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
    page().setMeasures({{tr("Responses that open with “%1”").arg(opening), percent(before, all), percent(after, all),
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
        page().setAdopted(adopted);
    }
}

}  // namespace stet::app
