#include "trainer/files/weight_files.h"

#include "base/failure.h"
#include "base/json.h"
#include "trainer/files/foreign_files.h"

#include <filesystem>
#include <unordered_set>

namespace stet::files {

namespace fs = std::filesystem;

namespace {

constexpr const char* kSingle = "model.safetensors";
constexpr const char* kIndex = "model.safetensors.index.json";

// A link that leads nowhere is there as well: opening it says what is wrong with it.
bool isThere(const std::string& path)
{
    std::error_code unknown;
    return fs::exists(fs::symlink_status(path, unknown));
}

// A shard must be a bare file name: an index must not reach outside its folder.
void checkShardName(const std::string& name, const std::string& index)
{
    const bool bare = !name.empty() && name.find('/') == std::string::npos && name.find('\\') == std::string::npos &&
        name.find('\0') == std::string::npos && name != "." && name != ".." && name.size() < 256;
    if (!bare || !name.ends_with(".safetensors")) {
        throw badInput(index + ": " + toLine(name) + " is not the bare name of a .safetensors file");
    }
}

std::vector<std::string> shardsOf(const std::string& index)
{
    const Json json = readJsonFile(index);
    const auto map = json.find("weight_map");
    if (map == json.end() || !map->is_object() || map->empty()) {
        throw badInput(index + ": field 'weight_map' is missing or empty");
    }
    std::vector<std::string> names;
    std::unordered_set<std::string> known;
    for (const auto& [tensor, shard] : map->items()) {
        if (!shard.is_string()) {
            throw badInput(index + ": the file of '" + tensor + "' is not a text");
        }
        const auto name = shard.get<std::string>();
        checkShardName(name, index);
        if (known.insert(name).second) {
            names.push_back(name);
        }
    }
    return names;
}

// The index is believed in nothing here; it only tells whether it means other files than the one that is read.
std::string passedOver(const std::string& folder)
{
    const std::string index = folder + "/" + kIndex;
    if (!isThere(index)) {
        return {};
    }
    std::string others = "is not readable";
    try {
        const auto names = shardsOf(index);
        if (names == std::vector<std::string>{kSingle}) {
            return {};
        }
        others = "names " + toLine(names.front()) + (names.size() > 1 ? " and others" : "");
    } catch (const Failure&) {  // said with the index's own word below
    }
    return folder + ": the weights are read from " + kSingle + "; " + kIndex + " " + others +
        " and is passed over: delete what is out of date";
}

}  // namespace

WeightFiles findWeightFiles(const std::string& folder)
{
    if (isThere(folder + "/" + kSingle)) {
        return {{kSingle}, passedOver(folder)};
    }
    if (isThere(folder + "/" + kIndex)) {
        return {shardsOf(folder + "/" + kIndex), {}};
    }
    throw noWeights(folder);
}

}  // namespace stet::files
