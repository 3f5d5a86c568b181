#include "trainer/serve/carried_round.h"

#include "base/failure.h"
#include "base/files.h"

#include <filesystem>

namespace stet::serve {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLargestFile = std::size_t{1} << 30;

void place(const std::string& path, const std::string& content)
{
    if (!fs::exists(path)) {
        publishFile(path, content);
    } else if (readFile(path, kLargestFile) != content) {
        throw badInput(path + " belongs to another round; name a folder of its own for this one");
    }
}

}  // namespace

void placeRound(const std::string& folder, const Json& settings, const std::vector<Json>& examples)
{
    std::string lines;
    for (const Json& example : examples) {
        lines += toLine(example) + "\n";
    }
    fs::create_directories(folder);
    place(folder + "/examples.jsonl", lines);
    place(folder + "/round.json", settings.dump(2) + "\n");
}

RoundFolder::RoundFolder(const contract::RoundData& data) : m_path(data.dir)
{
    if (data.carried()) {
        m_path = m_private.emplace().path();
        placeRound(m_path, *data.settings, *data.examples);
    }
}

}  // namespace stet::serve
