#include "annotate/store/round_input.h"

#include "annotate/judgment/marks_json.h"
#include "annotate/store/instruction_sets.h"
#include "annotate/store/response_queue.h"
#include "annotate/store/rounds.h"
#include "annotate/store/settings.h"
#include "base/files.h"
#include "base/json.h"

#include <algorithm>
#include <limits>

namespace stet::annotate {

namespace {

// An external id is JSON text: 12 or "a-7".
Json idJson(const std::string& externalId)
{
    const Json parsed = Json::parse(externalId, nullptr, false);
    return parsed.is_discarded() ? Json(externalId) : parsed;
}

Json exampleLine(const ResponseItem& item)
{
    Json line = {{"id", idJson(item.externalId)}, {"instruction", item.instruction}};
    if (!item.input.empty()) {
        line["input"] = item.input;
    }
    line["output"] = item.output;
    line["judgment"] = item.verdict == Verdict::Criticised ? Json(item.judgment) : Json();
    if (!item.marks.empty()) {
        line["marks"] = parseJson(marksToJson(item.marks), "marks");
    }
    if (item.stoppedByLength) {
        line["stopped"] = "length";
    }
    return line;
}

Json instructionLine(const Instruction& one)
{
    Json line = {{"id", idJson(one.externalId)}, {"instruction", one.instruction}};
    if (!one.input.empty()) {
        line["input"] = one.input;
    }
    return line;
}

// What was criticised and what was accepted, the first `most` of either.
std::string judgedLines(const ResponseQueue& queue, std::size_t most = std::numeric_limits<std::size_t>::max())
{
    std::string lines;
    for (const auto filter : {QueueFilter::Criticised, QueueFilter::Accepted}) {
        auto some = queue.ids(filter);
        some.resize(std::min(some.size(), most));
        for (const auto id : some) {
            lines += toLine(exampleLine(*queue.item(id))) + "\n";
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

void RoundInput::writeInput(const std::string& folder, const std::string& preset, int parent) const
{
    Json json = {{"model", m_settings.setting("model")},
                 {"preset", preset},
                 {"prompt_style", m_settings.setting("prompt_style", "auto")},
                 {"lambda", m_settings.number("lambda", kDefaultLambda)},
                 {"contrast", m_settings.contrastOf(preset)}};
    const Json more = parseJson(m_settings.setting("round", "{}"), "the project's round settings");
    for (const auto& [field, value] : more.items()) {
        json[field] = value;
    }
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
        lines += toLine(instructionLine(one)) + "\n";
    }
    lines += judgedLines(m_queue, kMostScored);
    for (const auto& one : m_sets.instructions("control")) {
        Json line = instructionLine(one);
        line["output"] = one.output;
        line["set"] = "control";
        lines += toLine(line) + "\n";
    }
    publishFile(path, lines);
}

}  // namespace stet::annotate
