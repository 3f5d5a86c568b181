#include "trainer/checkpoint/checkpoint.h"

#include "base/failure.h"
#include "base/files.h"
#include "base/sha256.h"
#include "trainer/model/tensor_io.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace stet::round {

namespace fs = std::filesystem;

namespace {

constexpr const char* kPrefix = "checkpoint-";

// Steps of the checkpoint folders there, newest first.
std::vector<std::int64_t> stepsIn(const std::string& folder)
{
    std::vector<std::int64_t> steps;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        const auto name = entry.path().filename().string();
        const auto digits = name.rfind(kPrefix, 0) == 0 ? name.substr(std::string(kPrefix).size()) : std::string();
        if (!digits.empty() && digits.size() < 12 && digits.find_first_not_of("0123456789") == std::string::npos) {
            steps.push_back(std::stoll(digits));
        }
    }
    std::sort(steps.rbegin(), steps.rend());
    return steps;
}

std::string pathOf(const std::string& folder, std::int64_t step)
{
    return folder + "/" + kPrefix + std::to_string(step);
}

void writeInto(const std::string& path, const Checkpoint& checkpoint)
{
    Json manifest = {{"step", checkpoint.step}, {"files", Json::object()}};
    std::vector<std::string> names;
    for (const auto& [stem, tensors] : checkpoint.tensors) {
        names.push_back(stem + ".safetensors");
        model::writeTensors(path + "/" + names.back(), tensors);
    }
    names.emplace_back("state.json");
    publishFile(path + "/state.json", checkpoint.state.dump());
    for (const auto& name : names) {
        const std::string file = path + "/" + name;
        manifest["files"][name] = {{"bytes", fs::file_size(file)}, {"sha256", sha256OfFile(file)}};
    }
    publishFile(path + "/manifest.json", manifest.dump(2));
}

Checkpoint readFrom(const std::string& path)
{
    const Json manifest = readJsonFile(path + "/manifest.json");
    Checkpoint checkpoint;
    checkpoint.step = manifest.at("step").get<std::int64_t>();
    for (const auto& [name, entry] : manifest.at("files").items()) {
        const std::string file = path + "/" + name;
        if (fs::path(name).filename() != name || !fs::exists(file) ||
            fs::file_size(file) != entry.at("bytes").get<std::uint64_t>() ||
            sha256OfFile(file) != entry.at("sha256").get<std::string>()) {
            throw badInput(file + " is damaged");
        }
        if (name == "state.json") {
            checkpoint.state = readJsonFile(file);
        } else {
            checkpoint.tensors[fs::path(name).stem().string()] = model::readTensors(file);
        }
    }
    return checkpoint;
}

}  // namespace

void saveCheckpoint(const std::string& folder, const Checkpoint& checkpoint, int keep)
{
    publishFolder(
        pathOf(folder, checkpoint.step), [&](const std::string& path) { writeInto(path, checkpoint); }, true);
    int kept = 0;
    for (const auto step : stepsIn(folder)) {
        // Of later ones the run has passed over: they were damaged.
        if (step > checkpoint.step || ++kept > std::max(1, keep)) {
            std::error_code ignored;
            fs::remove_all(pathOf(folder, step), ignored);
        }
    }
}

std::optional<Checkpoint> loadNewestCheckpoint(const std::string& folder, std::vector<std::string>& warnings)
{
    for (const auto step : stepsIn(folder)) {
        try {
            return readFrom(pathOf(folder, step));
        } catch (const std::exception& error) {
            warnings.push_back(pathOf(folder, step) + " is not used: " + error.what());
        }
    }
    return std::nullopt;
}

std::optional<std::int64_t> newestCheckpoint(const std::string& folder)
{
    for (const auto step : stepsIn(folder)) {
        if (fs::exists(pathOf(folder, step) + "/manifest.json")) {
            return step;
        }
    }
    return std::nullopt;
}

void removeCheckpoints(const std::string& folder)
{
    std::error_code ignored;
    for (const auto step : stepsIn(folder)) {
        fs::remove_all(pathOf(folder, step), ignored);
    }
}

}  // namespace stet::round
