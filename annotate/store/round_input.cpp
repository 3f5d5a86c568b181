#include "annotate/store/round_input.h"

#include "annotate/store/instruction_sets.h"
#include "annotate/store/response_queue.h"
#include "annotate/store/rounds.h"
#include "annotate/store/settings.h"
#include "base/files.h"
#include "base/json.h"
#include "base/other_judgments.h"
#include "contract/example.h"

#include <algorithm>
#include <limits>

namespace stet::annotate {

namespace {

const std::string kRoundSettings = "the project's round settings";

contract::Example exampleOf(const ResponseItem& item)
{
    contract::Example example;
    contract::setId(example, item.externalId);
    example.instruction = item.instruction;
    example.input = item.input;
    example.output = item.output;
    if (item.verdict == Verdict::Criticised) {
        example.judgment = item.judgment;
    }
    example.marks = item.marks;
    example.stoppedByLength = item.stoppedByLength;
    return example;
}

contract::Example exampleOf(const Instruction& one)
{
    contract::Example example;
    contract::setId(example, one.externalId);
    example.instruction = one.instruction;
    example.input = one.input;
    return example;
}

std::string lineOf(const contract::Example& example)
{
    return toLine(contract::toJson(example)) + "\n";
}

// What was criticised and what was accepted, the first `most` of either.
std::string judgedLines(const ResponseQueue& queue, std::size_t most = std::numeric_limits<std::size_t>::max())
{
    std::string lines;
    for (const auto filter : {QueueFilter::Criticised, QueueFilter::Accepted}) {
        auto some = queue.ids(filter);
        some.resize(std::min(some.size(), most));
        for (const auto id : some) {
            lines += lineOf(exampleOf(*queue.item(id)));
        }
    }
    return lines;
}

}  // namespace

void RoundInput::writeRoundInput(int number) const
{
    const RoundRecord round = m_rounds.round(number);
    writeInput(m_rounds.roundFolder(number), round.preset, round.parent);
}

Json RoundInput::roundSettings(const std::string& preset) const
{
    Json json = {{"model", m_settings.setting("model")},
                 {"preset", preset},
                 {"prompt_style", m_settings.setting("prompt_style", "auto")},
                 {"lambda", m_settings.number("lambda", kDefaultLambda)},
                 {"contrast", m_settings.contrastOf(preset)}};
    const Json more = parseJson(m_settings.setting("round", "{}"), kRoundSettings);
    for (const auto& [field, value] : more.items()) {
        json[field] = value;
    }
    return json;
}

contract::Detection RoundInput::detection(const std::string& preset) const
{
    Json round = roundSettings(preset);
    round["marks_use"] = round.value("marks", Json());  // the name it has beside an example's list of marks
    return contract::fromJson<contract::Detection>(round, kRoundSettings);
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
    for (auto& [one, judgment] : criticised) {
        judged.push_back({static_cast<int>(judged.size()), std::move(judgment)});
    }
    const auto seed = optionalInteger(round, "seed", kRoundSettings);
    return OtherJudgments(std::move(judged), static_cast<std::uint64_t>(seed.value_or(kDefaultSeed)))
        .of(line, std::nullopt, kOtherJudgments + 1);
}

void RoundInput::writeInput(const std::string& folder, const std::string& preset, int parent) const
{
    Json json = roundSettings(preset);
    if (parent > 0) {
        json["parent"] = {{"adapter", m_rounds.adapterFolder(parent)}, {"how", "merge"}};
    }
    publishFile(folder + "/examples.jsonl", judgedLines(m_queue));
    publishFile(folder + "/round.json", json.dump(2) + "\n");
}

void RoundInput::writeCompareInput(const std::string& path) const
{
    constexpr std::size_t kMostScored = 100;
    std::string lines;
    for (const auto& one : m_sets.instructions("heldout")) {
        lines += lineOf(exampleOf(one));
    }
    lines += judgedLines(m_queue, kMostScored);
    for (const auto& one : m_sets.instructions("control")) {
        contract::Example example = exampleOf(one);
        example.output = one.output;
        example.control = true;
        lines += lineOf(example);
    }
    publishFile(path, lines);
}

}  // namespace stet::annotate
