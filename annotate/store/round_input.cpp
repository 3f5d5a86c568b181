#include "annotate/store/round_input.h"

#include "annotate/judgment/example.h"
#include "annotate/store/instruction_sets.h"
#include "annotate/store/response_queue.h"
#include "annotate/store/rounds.h"
#include "annotate/store/settings.h"
#include "base/files.h"
#include "base/json.h"
#include "base/other_judgments.h"
#include "base/presets.h"

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_set>
#include <vector>

namespace stet::annotate {

namespace {

const std::string kRoundSettings = "the project's round settings";
constexpr int kExamplesAtOnce = 200;

// Named among the project's round settings, these say how λ is made, or that it can't be made from a rate.
constexpr std::array kDecidesDetection = {"lambda", "false_alarm_rate", "objective", "flags", "contrast"};

std::string lineOf(const contract::Example& example)
{
    return toLine(contract::toJson(example)) + "\n";
}

// An output that nobody judged is not learnt from.
std::string trainingLine(const ResponseItem& item)
{
    contract::Example example = exampleOf(item);
    if (item.verdict == Verdict::Open) {
        example.output.reset();
    }
    return lineOf(example);
}

// What objective ftpo pushes; of other objectives only said where a preset would have it otherwise.
std::optional<Push> pushOf(const Json& round)
{
    constexpr const char* kFtpo = "ftpo";
    const bool preset = optionalString(round, "preset", kRoundSettings) == kFtpo;
    if (optionalString(round, "objective", kRoundSettings).value_or(preset ? kFtpo : "cut") != kFtpo) {
        return preset ? std::optional(Push::All) : std::nullopt;
    }
    const auto ftpo = round.find("ftpo");
    const auto name =
        ftpo != round.end() && ftpo->is_object() ? optionalString(*ftpo, "push", kRoundSettings) : std::nullopt;
    // A word that the worker does not know is refused there, with its name.
    return pushFromName(name.value_or("beginnings"));
}

using NextItems = std::function<std::vector<ResponseItem>(ResponseId after, int limit)>;
using UseItem = std::function<void(const ResponseItem&)>;

// The first `most` that `next` gives, some at a time. A response of which `between` changed the verdict is not used
// twice.
void each(const NextItems& next, std::size_t most, std::unordered_set<std::int64_t>& used,
          const std::function<void()>& between, const UseItem& use)
{
    ResponseId after;
    for (std::size_t count = 0; count < most;) {
        const auto limit = static_cast<int>(std::min<std::size_t>(kExamplesAtOnce, most - count));
        const auto items = next(after, limit);
        if (items.empty()) {
            return;
        }
        for (const auto& item : items) {
            if (used.insert(item.id.value).second) {
                use(item);
            }
        }
        after = items.back().id;
        count += items.size();
        if (between) {
            between();
        }
    }
}

// What was criticised and what was accepted, the first `most` of either; what has no output, only with `without`.
void writeJudged(const ResponseQueue& queue, std::size_t most, bool without, const std::function<void()>& between,
                 const Append& append)
{
    std::unordered_set<std::int64_t> used;
    for (const auto filter : {QueueFilter::Criticised, QueueFilter::Accepted}) {
        each([&](ResponseId after, int limit) { return queue.toLearnFrom(filter, after, limit); }, most, used, between,
             [&](const ResponseItem& item) {
                 if (item.hasOutput || without) {
                     append(trainingLine(item));
                 }
             });
    }
    if (without) {
        each([&](ResponseId after, int limit) { return queue.unjudgedWithBetterAnswer(after, limit); }, most, used,
             between, [&](const ResponseItem& item) { append(trainingLine(item)); });
    }
}

}  // namespace

void RoundInput::writeRoundInput(int number) const
{
    const RoundRecord round = m_rounds.round(number);
    writeInput(m_rounds.roundFolder(number), round.preset, round.parent);
}

// As the worker has it: with a revision or a demonstration these objectives need no output.
bool RoundInput::learnsFromBetterAnswersAlone() const
{
    const Json round = m_settings.ownRoundSettings();
    const auto objective = optionalString(round, "objective", kRoundSettings);
    return objective == "sft" || objective == "ilf";
}

bool RoundInput::hasSomethingToTrain() const
{
    return !m_queue.toLearnFrom(QueueFilter::Criticised, {0}, 1).empty() ||
        (learnsFromBetterAnswersAlone() &&
         (m_queue.hasUnjudgedWithBetterAnswer() || !m_queue.toLearnFrom(QueueFilter::Accepted, {0}, 1).empty()));
}

// The worker makes λ from a rate for CUT with flags of the start alone, and what the project's round settings name
// wins.
bool RoundInput::offersFalseAlarmRate(const std::string& preset, const Json& round) const
{
    const std::string contrast(contrastName(Contrast::D6));
    const std::string chosen = m_settings.setting("contrast");
    return !isReproduction(preset) && (chosen.empty() || chosen == contrast) &&
        std::none_of(kDecidesDetection.begin(), kDecidesDetection.end(),
                     [&](const char* field) { return round.contains(field); });
}

Json RoundInput::roundSettings(const std::string& preset) const
{
    return roundSettings(preset, m_settings.ownRoundSettings());
}

Json RoundInput::settingsOfObjective(const std::string& preset, int parent, const std::string& objective) const
{
    Json more = m_settings.ownRoundSettings();
    if (objective == "cut") {
        more.erase("objective");  // so that a rate makes its λ, as the project's rounds have it
    } else {
        more["objective"] = objective;
        more.erase("false_alarm_rate");
    }
    Json settings = roundSettings(preset, more);
    addParent(settings, parent);
    return settings;
}

Json RoundInput::roundSettings(const std::string& preset, const Json& more) const
{
    Json json = {{"model", m_settings.setting("model")},
                 {"preset", preset},
                 {"prompt_style", m_settings.setting("prompt_style", "auto")},
                 {"contrast", m_settings.contrastOf(preset)}};
    if (const auto rate = m_settings.falseAlarmRate().value_or(0); rate > 0 && offersFalseAlarmRate(preset, more)) {
        json["false_alarm_rate"] = rate;
    } else if (!more.contains("false_alarm_rate")) {
        json["lambda"] = m_settings.number("lambda", kDefaultLambda);
    }
    for (const auto& [field, value] : more.items()) {
        json[field] = value;
    }
    return json;
}

// Of a rate the λ that it made last.
double RoundInput::shownLambda(const Json& round) const
{
    return optionalNumber(round, "lambda", kRoundSettings).value_or(m_settings.number("lambda", kDefaultLambda));
}

Threshold RoundInput::threshold(const std::string& preset) const
{
    const Json round = roundSettings(preset);
    Threshold threshold;
    threshold.lambda = shownLambda(round);
    threshold.falseAlarmRate = optionalNumber(round, "false_alarm_rate", kRoundSettings);
    threshold.rateIsOffered = offersFalseAlarmRate(preset, m_settings.ownRoundSettings());
    threshold.judgments = m_settings.calibratedOn();
    return threshold;
}

std::string RoundInput::promptStyle(const std::string& preset) const
{
    return roundSettings(preset).value("prompt_style", "auto");
}

std::string RoundInput::promptStyle() const
{
    return promptStyle(m_settings.setting("preset", "stable"));
}

contract::Detection RoundInput::detection(const std::string& preset) const
{
    Json round = roundSettings(preset);
    round["marks_use"] = round.value("marks", Json());  // the name it has beside an example's list of marks
    auto detection = contract::fromJson<contract::Detection>(round, kRoundSettings);
    detection.lambda = shownLambda(round);
    detection.push = pushOf(round);
    return detection;
}

std::vector<std::string> RoundInput::otherJudgments(ResponseId id, const std::string& preset) const
{
    const Json round = roundSettings(preset);
    auto criticised = m_queue.criticised();
    const auto place = std::lower_bound(criticised.begin(), criticised.end(), id,
                                        [](const auto& one, ResponseId wanted) { return one.first < wanted; });
    const auto line = static_cast<int>(place - criticised.begin());
    if (place == criticised.end() || place->first != id) {
        criticised.insert(place, {id, {}});
    }
    // A round's file has the criticised first, by id: their places are its lines.
    std::vector<JudgedLine> judged;
    judged.reserve(criticised.size());
    for (auto& [one, judgment] : criticised) {
        judged.push_back({static_cast<int>(judged.size()), std::move(judgment)});
    }
    const auto seed = optionalInteger(round, "seed", kRoundSettings);
    return OtherJudgments(std::move(judged), static_cast<std::uint64_t>(seed.value_or(kDefaultSeed)))
        .of(line, std::nullopt, kOtherJudgments + 1);
}

void RoundInput::addParent(Json& settings, int parent) const
{
    if (parent > 0) {
        settings["parent"] = {{"adapter", m_rounds.adapterFolder(parent)}, {"how", "merge"}};
    }
}

void RoundInput::judgedExamples(const std::function<void(std::string_view)>& use) const
{
    writeJudged(m_queue, std::numeric_limits<std::size_t>::max(), false, {}, use);
}

void RoundInput::writeInput(const std::string& folder, const std::string& preset, int parent,
                            const std::function<void()>& between) const
{
    Json json = roundSettings(preset);
    addParent(json, parent);
    publishFile(folder + "/examples.jsonl", [&](const Append& append) {
        writeJudged(m_queue, std::numeric_limits<std::size_t>::max(), learnsFromBetterAnswersAlone(), between, append);
    });
    publishFile(folder + "/round.json", json.dump(2) + "\n");
}

void RoundInput::writeCompareInput(const std::string& path) const
{
    constexpr std::size_t kMostScored = 100;
    publishFile(path, [&](const Append& append) {
        for (const auto& one : m_sets.instructions("heldout")) {
            append(lineOf(exampleOf(one)));
        }
        writeJudged(m_queue, kMostScored, false, {}, append);
        for (const auto& one : m_sets.instructions("control")) {
            contract::Example example = exampleOf(one);
            example.output = one.output;
            example.control = true;
            append(lineOf(example));
        }
    });
}

}  // namespace stet::annotate
