#include "trainer/files/gguf/model_file.h"

#include "base/json.h"
#include "trainer/files/gguf/dequantise.h"
#include "trainer/files/open_file.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>

namespace stet::files::gguf {

namespace {

constexpr std::int64_t kMaxParts = 1000;

struct Part {
    std::int64_t index = 0;
    std::int64_t count = 1;
};

Part partOf(const Metadata& metadata)
{
    const Part part{metadata.integer("split.no").value_or(0), metadata.integer("split.count").value_or(1)};
    if (part.count < 0 || part.count > kMaxParts || part.index < 0 ||
        part.index >= std::max<std::int64_t>(part.count, 1)) {
        throw refusedGguf(metadata.path(),
                          "it says to be part " + std::to_string(part.index) + " of " + std::to_string(part.count));
    }
    return {part.index, std::max<std::int64_t>(part.count, 1)};
}

std::string partEnd(std::int64_t index, std::int64_t count)
{
    std::array<char, 64> end{};
    std::snprintf(end.data(), end.size(), "-%05lld-of-%05lld.gguf", static_cast<long long>(index) + 1,
                  static_cast<long long>(count));
    return end.data();
}

void refuseOtherThanModel(const Metadata& metadata)
{
    const std::string type = metadata.text("general.type").value_or("model");
    if (type != "model") {
        throw metadata.refused("it holds no model but " + toLine(type) + " ('general.type'); needed is a model" +
                               (type == "adapter" ? ": give the model the adapter was trained on" : ""));
    }
}

// The name without "-00001-of-0000N.gguf".
std::string stemOf(const std::string& path, const Part& part)
{
    const std::string end = partEnd(part.index, part.count);
    if (!path.ends_with(end)) {
        throw badInput(path + " is part " + std::to_string(part.index + 1) + " of " + std::to_string(part.count) +
                       " of a model; its name must end with " + end + ", so that the others are found");
    }
    return path.substr(0, path.size() - end.size());
}

void addPart(ModelFile& model, const std::string& path, const std::map<std::string, TensorPlace>& tensors)
{
    for (const auto& [name, tensor] : tensors) {
        const auto [it, isNew] = model.tensors.emplace(name, tensor);
        if (!isNew) {
            throw refusedGguf(path, "tensor " + toLine(name) + " stands in an earlier part, too");
        }
        it->second.file = model.files.size();
    }
    model.files.push_back(path);
}

void addOtherParts(ModelFile& model, const Part& first)
{
    const std::string stem = stemOf(model.path, first);
    for (std::int64_t i = 1; i < first.count; ++i) {
        const std::string path = stem + partEnd(i, first.count);
        std::error_code unknown;
        if (!std::filesystem::exists(std::filesystem::symlink_status(path, unknown))) {
            throw badInput(path + " is not there, of which " + model.path + " is the first part; put all " +
                           std::to_string(first.count) + " parts into one folder");
        }
        const Header header = readHeader(path);
        const Part part = partOf(header.metadata);
        if (part.index != i || part.count != first.count) {
            throw badInput(path + " is not part " + std::to_string(i + 1) + " of " + std::to_string(first.count) +
                           " by its own word; download the parts again");
        }
        addPart(model, path, header.tensors);
    }
    const auto all = model.metadata.integer("split.tensors.count");
    if (all && *all != static_cast<std::int64_t>(model.tensors.size())) {
        throw badInput(model.path + ": its parts hold " + std::to_string(model.tensors.size()) + " tensors, not the " +
                       std::to_string(*all) + " it claims; download the parts again");
    }
}

}  // namespace

ModelFile openModelFile(const std::string& path)
{
    Header header = readHeader(path);
    refuseOtherThanModel(header.metadata);
    const Part part = partOf(header.metadata);
    if (part.index > 0) {
        throw badInput(path + " is a later part of a model; give the first, " + stemOf(path, part) +
                       partEnd(0, part.count));
    }
    ModelFile model{path, {}, std::move(header.metadata), {}};
    addPart(model, path, header.tensors);
    if (part.count > 1) {
        addOtherParts(model, part);
    }
    return model;
}

std::int64_t rowCount(const TensorPlace& tensor)
{
    std::int64_t rows = 1;
    for (std::size_t i = 0; i + 1 < tensor.shape.size(); ++i) {
        rows *= tensor.shape[i];
    }
    return rows;
}

void readRows(const std::string& path, const TensorPlace& tensor, std::int64_t first, std::int64_t rows, float* out)
{
    const std::uint64_t rowBytes = tensor.bytes / static_cast<std::uint64_t>(rowCount(tensor));
    std::vector<std::uint8_t> bytes(rowBytes * static_cast<std::uint64_t>(rows));
    OpenFile(path).read(tensor.begin + rowBytes * static_cast<std::uint64_t>(first), bytes.data(), bytes.size());
    dequantise(tensor.type, bytes.data(), bytes.size() / blockLayout(tensor.type).bytes, out);
}

}  // namespace stet::files::gguf
