// Round folders over the goldens' small model, and what is found in them.
#pragma once

#include "base/files.h"
#include "base/json.h"
#include "tests/support/paths.h"

#include <QTemporaryDir>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace stet::test {

inline std::string smallModel()
{
    return goldenDir() + "/cut/model";
}

// An adapter of the small model, to continue or to merge.
inline std::string startAdapter()
{
    return goldenDir() + "/cut/start";
}

inline std::string smallExamples()
{
    return goldenDir() + "/cut/examples.jsonl";
}

// Over the goldens' small model: steps of a few milliseconds. `more` wins.
inline std::string makeRound(const QTemporaryDir& dir, const std::string& name, const Json& more = Json::object())
{
    const std::string folder = dir.path().toStdString() + "/" + name;
    std::filesystem::create_directories(folder);
    std::filesystem::copy_file(smallExamples(), folder + "/examples.jsonl");
    Json settings = {
        {"model", smallModel()}, {"max_length", 150},          {"epochs", 3}, {"batch_size", 4}, {"device", "cpu"},
        {"threads", 1},          {"checkpoint_every_steps", 4}};
    settings.update(more);
    publishFile(folder + "/round.json", settings.dump(1));
    return folder;
}

// A round that does not end by itself while a test runs.
inline std::string makeLongRound(const QTemporaryDir& dir, const std::string& name)
{
    return makeRound(dir, name, {{"epochs", 50000}});
}

// One whose responses take a while to score before the first step.
inline std::string makeSlowlyScoredRound(const QTemporaryDir& dir, const std::string& name)
{
    const std::string folder = makeRound(dir, name, {{"micro_batch_tokens", 1}});
    std::string lines;
    for (int i = 0; i < 6000; ++i) {
        lines += Json{{"id", i},
                      {"instruction", "Write about number " + std::to_string(i)},
                      {"output", "It is a number."},
                      {"judgment", "It must name the number."}}
                     .dump() +
            "\n";
    }
    publishFile(folder + "/examples.jsonl", lines);
    return folder;
}

inline std::string contentOf(const std::string& path)
{
    return readFile(path, std::size_t{1} << 28);
}

inline std::string adapterOf(const std::string& folder)
{
    return contentOf(folder + "/adapter/adapter_model.safetensors");
}

inline int checkpointsIn(const std::string& folder)
{
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        count += entry.path().filename().string().starts_with("checkpoint-") ? 1 : 0;
    }
    return count;
}

// The files of a folder, sorted: what a command left behind.
inline std::vector<std::string> namesIn(const std::string& folder)
{
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace stet::test
