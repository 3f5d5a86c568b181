// What the tests of objectives share: a round folder of a few written lines, and the set that would be trained on.
#pragma once

#include "base/failure.h"
#include "tests/trainer/objectives/golden_bench.h"

#include <QTemporaryDir>

#include <string>
#include <vector>

namespace stet::test {

// A round folder over the tiny model; `lines` replaces the examples.
inline std::string makeWrittenRound(const QTemporaryDir& dir, const Json& settings, const std::vector<Json>& lines)
{
    const std::string folder = dir.path().toStdString() + "/round";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    std::string text;
    for (const auto& line : lines) {
        text += line.dump() + "\n";
    }
    publishFile(folder + "/examples.jsonl", text);
    Json all = {{"model", cutGoldens() + "/model"}, {"device", "cpu"}, {"threads", 1}};
    all.update(settings);
    publishFile(folder + "/round.json", all.dump());
    return folder;
}

inline Json line(const std::string& id, const Json& judgment, const Json& more = Json::object())
{
    Json json = {{"id", id}, {"instruction", "Write about Tom."}, {"output", "Tom saw a red ball " + id}};
    json["judgment"] = judgment;
    json.update(more);
    return json;
}

inline round::TrainingSet setOf(const std::string& folder)
{
    const auto settings = files::readRoundSettings(folder);
    const auto model = files::openModelFolder(settings.model);
    const text::ExampleEncoder encoder(text::Tokenizer::load(settings.model),
                                       text::PromptStyle::resolve(settings.promptStyle, model), model);
    return round::makeTrainingSet(folder + "/examples.jsonl", settings, *round::makeObjective(settings), encoder);
}

inline std::string textOf(const std::string& model, const std::vector<std::int64_t>& ids)
{
    return text::Tokenizer::load(model)->decode(ids, true);
}

inline std::string promptOf(const round::ContextSequence& reading)
{
    return textOf(cutGoldens() + "/model", reading.sequence.prompt);
}

inline std::string responseOf(const round::ContextSequence& reading)
{
    return textOf(cutGoldens() + "/model", reading.sequence.response);
}

inline std::string refusalOf(const std::string& folder)
{
    try {
        setOf(folder);
    } catch (const Failure& failure) {
        return failure.kind() == FailureKind::BadInput ? failure.what() : "another kind of failure";
    }
    return {};
}

}  // namespace stet::test
