#include "app/session/convert.h"

#include "ui/common/number_text.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <cmath>
#include <limits>
#include <map>

namespace stet::app {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

const Json& at(const Json& object, const char* field)
{
    static const Json kNull;
    const auto it = object.is_object() ? object.find(field) : object.end();
    return object.is_object() && it != object.end() ? *it : kNull;
}

double number(const Json& value, double fallback = kNone)
{
    return value.is_number() ? value.get<double>() : fallback;
}

int whole(const Json& value, int fallback = 0)
{
    return value.is_number() ? static_cast<int>(value.get<double>()) : fallback;
}

std::vector<double> numbers(const Json& list)
{
    std::vector<double> values;
    if (list.is_array()) {
        for (const auto& value : list) {
            values.push_back(number(value));
        }
    }
    return values;
}

std::vector<int> wholes(const Json& list)
{
    std::vector<int> values;
    if (list.is_array()) {
        for (const auto& value : list) {
            values.push_back(whole(value));
        }
    }
    return values;
}

std::vector<std::vector<annotate::Alternative>> alternatives(const Json& list)
{
    std::vector<std::vector<annotate::Alternative>> rows;
    if (list.is_array()) {
        for (const auto& row : list) {
            rows.emplace_back();
            for (const auto& one : row) {
                const auto& text = at(one, "text");
                rows.back().push_back(
                    {text.is_string() ? text.get<std::string>() : std::string(), number(at(one, "logprob"))});
            }
        }
    }
    return rows;
}

}  // namespace

QString qstr(const std::string& text)
{
    return QString::fromStdString(text);
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

QString hardwareLine(const Json& hello, int cores)
{
    const std::string device = hello.value("device", "cpu");
    const QString free = ui::bytesText(hello.value("free_memory", 0.0));
    const QString reason = deviceReason(hello.value("device_reason", ""));
    return device == "cpu"
        ? QCoreApplication::translate("HardwareLine", "CPU, %1 cores, %2 free · %3").arg(cores).arg(free, reason)
        : QCoreApplication::translate("HardwareLine", "GPU (%1), %2 free · %3").arg(qstr(device), free, reason);
}

QString modelName(const QString& folder, const QString& project)
{
    const QString name = QFileInfo(folder).fileName();
    return name == QLatin1String("model") ? project : name;
}

annotate::TokenScores scoresFrom(const Json& line)
{
    annotate::TokenScores scores;
    for (const auto& token : at(line, "tokens")) {
        scores.begins.push_back(whole(at(token, "begin")));
        scores.ends.push_back(whole(at(token, "end")));
    }
    const Json& logProbs = at(line, "logprob");
    scores.plain = numbers(at(logProbs, "plain"));
    scores.judged = numbers(at(logProbs, "judged"));
    scores.praised = numbers(at(logProbs, "praised"));
    scores.logRatio = numbers(at(line, "log_ratio"));
    scores.plainRank = wholes(at(at(line, "rank"), "plain"));
    scores.judgedRank = wholes(at(at(line, "rank"), "judged"));
    scores.plainTop = alternatives(at(at(line, "top"), "plain"));
    scores.judgedTop = alternatives(at(at(line, "top"), "judged"));
    const auto& contrast = at(line, "contrast");
    scores.contrast =
        contrastFromName(contrast.is_string() ? contrast.get<std::string>() : "D1").value_or(Contrast::D1);
    scores.truncatedTokens = whole(at(at(line, "truncated"), "plain"));
    if (at(line, "false_alarm_share").is_number()) {
        scores.falseAlarmShare = number(at(line, "false_alarm_share"));
    }
    if (at(line, "lambda_proposed").is_number()) {
        scores.proposedLambda = number(at(line, "lambda_proposed"));
    }
    return scores;
}

std::optional<annotate::RoundStep> stepFrom(const Json& params)
{
    if (!at(params, "step").is_number()) {
        return std::nullopt;
    }
    annotate::RoundStep step;
    step.step = whole(at(params, "step"));
    step.steps = whole(at(params, "steps"));
    step.loss = number(at(params, "loss"));
    step.likelihood = number(at(params, "likelihood"));
    step.unlikelihood = number(at(params, "unlikelihood"));
    step.flaggedShare = number(at(params, "flagged_share"));
    step.gradNorm = number(at(params, "grad_norm"));
    step.learningRate = number(at(params, "lr"));
    step.secondsLeft = number(at(params, "eta"), -1);
    return step;
}

annotate::RoundPlan planFrom(const Json& preview)
{
    annotate::RoundPlan plan;
    plan.criticised = whole(at(preview, "criticised"));
    plan.accepted = whole(at(preview, "accepted"));
    plan.acceptedTotal = whole(at(preview, "accepted_total"), plan.accepted + whole(at(preview, "not_sampled")));
    plan.steps = whole(at(preview, "steps"));
    for (const auto& one : at(preview, "left_out")) {
        const auto& reason = at(one, "reason");
        const auto& id = at(one, "id");
        plan.leftOut.push_back((id.is_string() ? id.get<std::string>() : id.dump()) + ": " +
                               (reason.is_string() ? reason.get<std::string>() : std::string()));
    }
    if (const int truncated = whole(at(preview, "truncated")); truncated > 0) {
        plan.leftOut.push_back(QCoreApplication::translate("stet::app::RoundController",
                                                           "%n examples are cut to the model's context", nullptr,
                                                           truncated)
                                   .toStdString());
    }
    if (const int equal = whole(at(preview, "contexts_equal")); equal > 0) {
        plan.leftOut.push_back(QCoreApplication::translate("stet::app::RoundController",
                                                           "%n examples lost their judgment by that cut", nullptr,
                                                           equal)
                                   .toStdString());
    }
    plan.minutes = number(at(preview, "seconds"), 0) / 60;
    plan.gigabytes = number(at(preview, "memory"), 0) / 1e9;
    return plan;
}

annotate::RoundPlan::Flags flagsFrom(const Json& summary)
{
    annotate::RoundPlan::Flags flags;
    flags.tokens = whole(at(summary, "flagged"));
    for (const auto& token : at(summary, "frequent")) {
        const auto& text = at(token, "text");
        flags.frequent.push_back(
            {text.is_string() ? text.get<std::string>() : std::string(), whole(at(token, "count"))});
    }
    return flags;
}

annotate::CompareSummary summaryFrom(const Json& summary)
{
    const auto value = [&](const char* field, const char* side) { return number(at(at(summary, field), side)); };
    annotate::CompareSummary s;
    s.criticisedFlaggedBefore = std::exp(value("criticised_flagged_logp", "before"));
    s.criticisedFlaggedAfter = std::exp(value("criticised_flagged_logp", "after"));
    s.praisedLogProbBefore = value("praised_logp", "before");
    s.praisedLogProbAfter = value("praised_logp", "after");
    s.controlKl = value("control_kl", "after");
    s.lengthBefore = value("length", "before");
    s.lengthAfter = value("length", "after");
    s.repetitionBefore = value("repetition", "before");
    s.repetitionAfter = value("repetition", "after");
    return s;
}

}  // namespace stet::app
