#include "workflow/round_watch.h"

#include "base/failure.h"
#include "base/files.h"
#include "base/json.h"
#include "workflow/round_evidence.h"

#include <filesystem>
#include <optional>

namespace stet::workflow {

using annotate::AlertKind;
using annotate::Project;
using annotate::RoundAlert;
using annotate::RoundRecord;

namespace {

Json toJson(const RoundAlert& alert)
{
    Json json = {{"kind", alertName(alert.kind)}, {"bad", alert.bad}, {"text", alertSentence(alert)}};
    if (alert.kind == AlertKind::NotANumber) {
        json["step"] = alert.step;
        json["kept_step"] = alert.keptStep;
    } else {
        json["before"] = alert.before;
        json["after"] = alert.after;
    }
    if (!alert.opening.empty()) {
        json["opening"] = alert.opening;
    }
    return json;
}

// nullopt: of a newer version's kind.
std::optional<RoundAlert> alertFrom(const Json& json)
{
    const auto kind = alertKind(json.value("kind", ""));
    if (!kind) {
        return std::nullopt;
    }
    const auto number = [&](const char* field) {
        return json.contains(field) && json.at(field).is_number() ? json.at(field).get<double>() : RoundAlert::kNone;
    };
    RoundAlert alert;
    alert.kind = *kind;
    alert.bad = json.value("bad", true);
    alert.before = number("before");
    alert.after = number("after");
    alert.step = json.value("step", 0);
    alert.keptStep = json.value("kept_step", 0);
    alert.opening = json.value("opening", "");
    return alert;
}

std::string alertsPath(const Project& project, int round)
{
    return project.roundFolder(round) + "/alerts.json";
}

// None where the file is missing or was damaged: the round itself is as it was.
std::vector<RoundAlert> storedAlerts(const Project& project, int round)
{
    std::vector<RoundAlert> alerts;
    const std::string path = alertsPath(project, round);
    if (!std::filesystem::exists(path)) {
        return alerts;
    }
    try {
        for (const Json& json : readJsonFile(path)) {
            if (auto alert = alertFrom(json)) {
                alerts.push_back(std::move(*alert));
            }
        }
    } catch (const Failure&) {
    } catch (const Json::exception&) {
    }
    return alerts;
}

}  // namespace

std::vector<RoundAlert> watchRound(const Project& project, int round)
{
    auto alerts = alertsFrom(evidenceIn(project.roundFolder(round)));
    if (!project.readOnly()) {
        Json json = Json::array();
        for (const auto& alert : alerts) {
            json.push_back(toJson(alert));
        }
        publishFile(alertsPath(project, round), json.dump(2) + "\n");
    }
    return alerts;
}

std::vector<RoundRecord> watchedRounds(const Project& project)
{
    auto rounds = project.rounds();
    for (auto& round : rounds) {
        round.alerts = storedAlerts(project, round.number);
    }
    return rounds;
}

}  // namespace stet::workflow
