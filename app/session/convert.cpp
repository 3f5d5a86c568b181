#include "app/session/convert.h"

#include "app/session/round_steps.h"
#include "app/worker/received.h"
#include "contract/compare.h"
#include "contract/message.h"
#include "contract/score.h"
#include "ui/common/number_text.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <algorithm>
#include <cmath>
#include <map>

namespace stet::app {

namespace {

std::vector<double> orNone(const contract::Named<std::optional<std::vector<double>>>& named, const char* context)
{
    const auto* values = contract::find(named, context);
    return values != nullptr ? values->value_or(std::vector<double>()) : std::vector<double>();
}

std::vector<std::vector<annotate::Alternative>> alternatives(const contract::ScoreLine& line, const char* context)
{
    std::vector<std::vector<annotate::Alternative>> rows;
    if (const auto* tokens = contract::find(line.top, context)) {
        for (const auto& token : *tokens) {
            rows.emplace_back();
            for (const auto& one : token) {
                rows.back().push_back({one.text, one.logProb});
            }
        }
    }
    return rows;
}

std::vector<int> ranks(const contract::ScoreLine& line, const char* context)
{
    const auto* found = contract::find(line.rank, context);
    return found != nullptr ? *found : std::vector<int>();
}

}  // namespace

QString qstr(const std::string& text)
{
    return QString::fromStdString(text);
}

QString importedText(const annotate::ImportResult& result)
{
    QStringList sentences;
    if (result.responses > 0) {
        sentences << QCoreApplication::translate("stet::app::Imported",
                                                 "%1 responses imported: %2 accepted, %3 criticised, %4 to do.")
                         .arg(result.responses)
                         .arg(result.accepted)
                         .arg(result.criticised)
                         .arg(result.open);
    }
    if (result.leftOut > 0) {
        sentences << QCoreApplication::translate("stet::app::Imported", "%n row(s) were left out, as you said.",
                                                 nullptr, result.leftOut);
    }
    if (result.instructions > 0) {
        sentences << QCoreApplication::translate("stet::app::Imported", "%n instruction(s) came in.", nullptr,
                                                 result.instructions);
    }
    if (result.known > 0) {
        sentences << QCoreApplication::translate("stet::app::Imported", "%n were there already or are held out.",
                                                 nullptr, result.known);
    }
    if (result.heldOut > 0) {
        sentences << QCoreApplication::translate("stet::app::Imported",
                                                 "%n instruction(s) of them are held out: every round is compared on "
                                                 "them, and nothing is trained on responses to them.",
                                                 nullptr, result.heldOut);
    }
    return sentences.join(QLatin1Char(' '));
}

QString deviceReason(const std::string& reason)
{
    static const std::map<std::string, const char*> kKnown = {
        {"no GPU: no NVIDIA driver found", QT_TRANSLATE_NOOP("DeviceReason", "no GPU: no NVIDIA driver found")},
        {"no GPU: the NVIDIA driver does not answer",
         QT_TRANSLATE_NOOP("DeviceReason", "no GPU: the NVIDIA driver does not answer")},
        {"no GPU: no GPU found", QT_TRANSLATE_NOOP("DeviceReason", "no GPU found")},
        {"NVIDIA GPU found", QT_TRANSLATE_NOOP("DeviceReason", "NVIDIA GPU found")},
        {"asked for", QT_TRANSLATE_NOOP("DeviceReason", "asked for")}};
    const auto it = kKnown.find(reason);
    return it == kKnown.end() ? qstr(reason) : QCoreApplication::translate("DeviceReason", it->second);
}

QString hardwareLine(const contract::Hello& hello, int cores)
{
    const std::string device = hello.device.value_or("cpu");
    const QString free = ui::bytesText(static_cast<double>(hello.freeMemory.value_or(0)));
    const QString reason = deviceReason(hello.deviceReason.value_or(""));
    return device == "cpu"
        ? QCoreApplication::translate("HardwareLine", "CPU, %1 cores, %2 free · %3").arg(cores).arg(free, reason)
        : QCoreApplication::translate("HardwareLine", "GPU (%1), %2 free · %3").arg(qstr(device), free, reason);
}

QString modelName(const QString& folder, const QString& project)
{
    const QString name = QFileInfo(folder).fileName();
    return name == QLatin1String("model") ? project : name;
}

annotate::TokenScores scoresFrom(const Json& json)
{
    const auto line = received<contract::ScoreLine>(json, contract::method::kScore);
    annotate::TokenScores scores;
    for (const auto& token : line.tokens) {
        scores.begins.push_back(static_cast<int>(token.begin));
        scores.ends.push_back(static_cast<int>(token.end));
    }
    scores.plain = orNone(line.logProb, "plain");
    scores.judged = orNone(line.logProb, "judged");
    scores.praised = orNone(line.logProb, "praised");
    scores.logRatio = line.logRatio.value_or(std::vector<double>());
    scores.plainRank = ranks(line, "plain");
    scores.judgedRank = ranks(line, "judged");
    scores.plainTop = alternatives(line, "plain");
    scores.judgedTop = alternatives(line, "judged");
    scores.contrast = line.contrast;
    scores.marksUse = line.marksUse.value_or(MarksUse::Union);
    scores.push = line.push.value_or(Push::All);
    scores.words = line.words.value_or(std::vector<int>());
    scores.falseAlarmShare = line.falseAlarmShare;
    scores.falseAlarmLambda = line.lambda;
    scores.proposedLambda = line.lambdaProposed;
    return scores;
}

contract::RoundProgress progressFrom(const std::string& params)
{
    return received<contract::RoundProgress>(params, contract::method::kRoundProgress);
}

std::optional<annotate::RoundStep> stepFrom(const contract::RoundProgress& progress)
{
    if (!progress.step) {
        return std::nullopt;
    }
    annotate::RoundStep step = stepFrom(*progress.step, static_cast<int>(progress.steps.value_or(0)));
    step.secondsLeft = progress.secondsLeft.value_or(-1);
    return step;
}

std::map<std::string, std::string> settingsByName(const Json& settings)
{
    std::map<std::string, std::string> byName;
    const Json flat = settings.flatten();  // outlives the loop over its items
    for (const auto& [pointer, value] : flat.items()) {
        if (pointer.empty()) {
            continue;  // there are none
        }
        std::string name = pointer.substr(1);
        std::replace(name.begin(), name.end(), '/', '.');
        byName[name] = value.is_string() ? value.get<std::string>() : value.dump();
    }
    return byName;
}

annotate::RoundPlan planFrom(const Json& json)
{
    const auto preview = received<contract::RoundPreview>(json, contract::method::kPreview);
    const auto& totals = preview.totals;
    annotate::RoundPlan plan;
    plan.criticised = totals.criticised;
    plan.accepted = totals.accepted;
    plan.acceptedTotal = totals.acceptedTotal;
    plan.steps = static_cast<int>(preview.steps);
    for (const auto& one : totals.leftOut) {
        plan.leftOut.push_back((one.id.is_string() ? one.id.get<std::string>() : one.id.dump()) + ": " + one.reason);
    }
    if (totals.truncated > 0) {
        plan.leftOut.push_back(QCoreApplication::translate("stet::app::RoundController",
                                                           "%n examples are cut to the model's context", nullptr,
                                                           totals.truncated)
                                   .toStdString());
    }
    if (totals.contextsEqual > 0) {
        plan.leftOut.push_back(QCoreApplication::translate("stet::app::RoundController",
                                                           "%n examples lost their judgment by that cut", nullptr,
                                                           totals.contextsEqual)
                                   .toStdString());
    }
    for (const std::string& warning : preview.warnings) {
        plan.leftOut.push_back(warning);
    }
    plan.settings = settingsByName(preview.settings);
    plan.minutes = preview.seconds / 60;
    plan.gigabytes = static_cast<double>(preview.memory) / 1e9;
    return plan;
}

annotate::RoundPlan::Flags flagsFrom(const Json& json)
{
    const auto summary = received<contract::DetectionSummary>(json, contract::method::kFlags);
    annotate::RoundPlan::Flags flags;
    flags.tokens = static_cast<int>(summary.flagged);
    flags.ofTokens = static_cast<int>(summary.tokens);
    for (const auto& token : summary.frequent) {
        flags.frequent.push_back({token.text, static_cast<int>(token.count)});
    }
    flags.lambda = summary.lambda;
    double mass = 0;
    double own = 0;
    for (const auto& judged : summary.judgments) {
        if (judged.ownShare) {
            mass += judged.mass;
            own += judged.mass * *judged.ownShare;
        }
    }
    if (mass > 0) {
        flags.ownShare = own / mass;
    }
    return flags;
}

annotate::CompareSummary summaryFrom(const Json& json)
{
    const auto summary = received<contract::CompareSummary>(json, contract::method::kCompare);
    annotate::CompareSummary s;
    s.criticisedFlaggedBefore = std::exp(summary.criticisedFlaggedLogProb.before);
    s.criticisedFlaggedAfter = std::exp(summary.criticisedFlaggedLogProb.after);
    s.praisedLogProbBefore = summary.praisedLogProb.before;
    s.praisedLogProbAfter = summary.praisedLogProb.after;
    s.controlKl = summary.controlKl.after;
    s.lengthBefore = summary.length.before;
    s.lengthAfter = summary.length.after;
    s.repetitionBefore = summary.repetition.before;
    s.repetitionAfter = summary.repetition.after;
    return s;
}

}  // namespace stet::app
