#include "trainer/model/merge.h"

#include "base/failure.h"
#include "base/files.h"
#include "base/free_space.h"
#include "base/json.h"
#include "trainer/files/gguf/gguf_model.h"
#include "trainer/files/model_card.h"
#include "trainer/files/safetensors.h"
#include "trainer/model/adapter.h"
#include "trainer/model/decoder.h"
#include "trainer/model/weights/weight_source.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <utility>

namespace stet::model {

namespace fs = std::filesystem;

namespace {

// What belongs to a checkpoint beside its weights. Code and pickles are never copied.
constexpr std::array kCompanions = {
    "config.json",       "generation_config.json",
    "tokenizer.json",    "tokenizer_config.json",
    "tokenizer.model",   "special_tokens_map.json",
    "vocab.json",        "merges.txt",
    "added_tokens.json", "chat_template.jinja",
    "LICENSE",           "LICENSE.txt",
    "LICENSE.md",        "NOTICE",
    "USE_POLICY.md",     "Notice.txt",
};
constexpr std::size_t kLargestCompanion = std::size_t{256} << 20;

using Shard = std::vector<std::pair<std::string, WeightInfo>>;

bool isFloating(files::TensorType type)
{
    return type == files::TensorType::F32 || type == files::TensorType::F16 || type == files::TensorType::BF16;
}

c10::ScalarType scalarType(files::TensorType floating)
{
    return floating == files::TensorType::F32 ? c10::kFloat
        : floating == files::TensorType::F16  ? c10::kHalf
                                              : c10::kBFloat16;
}

files::TensorType writtenType(const WeightInfo& entry, const MergeOptions& options)
{
    return options.wide && isFloating(entry.type) ? files::TensorType::F32 : entry.type;
}

// Of a quantised weight `bytes` says nothing here.
std::uint64_t writtenBytes(const WeightInfo& entry, const MergeOptions& options)
{
    std::uint64_t bytes = files::bytesPerElement(writtenType(entry, options));
    for (const auto size : entry.shape) {
        bytes *= static_cast<std::uint64_t>(size);
    }
    return bytes;
}

std::uint64_t writtenBytes(const WeightSource& base, const MergeOptions& options)
{
    std::uint64_t bytes = 0;
    for (const auto& [name, entry] : base.tensors()) {
        bytes += writtenBytes(entry, options);
    }
    return bytes;
}

std::vector<Shard> shardsOf(const WeightSource& base, const MergeOptions& options)
{
    std::vector<Shard> shards(1);
    std::uint64_t size = 0;
    for (const auto& [name, entry] : base.tensors()) {
        const std::uint64_t bytes = writtenBytes(entry, options);
        if (size > 0 && size + bytes > options.shardBytes) {
            shards.emplace_back();
            size = 0;
        }
        shards.back().emplace_back(name, entry);
        size += bytes;
    }
    return shards;
}

// The config with weights said to be float32, under both names and in every part that says it.
void sayFloat32(Json& config)
{
    for (const char* field : {"dtype", "torch_dtype"}) {
        if (config.contains(field)) {
            config[field] = "float32";
        }
    }
    if (config.contains("text_config") && config["text_config"].is_object()) {
        sayFloat32(config["text_config"]);
    }
}

std::string shardName(std::size_t index, std::size_t count)
{
    if (count == 1) {
        return "model.safetensors";
    }
    std::array<char, 64> name{};
    std::snprintf(name.data(), name.size(), "model-%05zu-of-%05zu.safetensors", index + 1, count);
    return name.data();
}

class Merge {
public:
    Merge(const files::ModelFolder& base, const WeightSource& weights, const Adapter& adapter,
          const MergeOptions& options, std::string card)
        : m_base(base)
        , m_weights(weights)
        , m_adapter(adapter)
        , m_options(options)
        , m_card(std::move(card))
        , m_bytes(writtenBytes(weights, options))
    {
    }

    void writeTo(const std::string& folder)
    {
        const auto shards = shardsOf(m_weights, m_options);
        Json map = Json::object();
        for (std::size_t i = 0; i < shards.size(); ++i) {
            const std::string name = shardName(i, shards.size());
            writeShard(folder + "/" + name, shards[i]);
            for (const auto& [tensor, entry] : shards[i]) {
                map[tensor] = name;
            }
        }
        if (shards.size() > 1) {
            const Json index = {{"metadata", {{"total_size", m_bytes}}}, {"weight_map", map}};
            publishFile(folder + "/model.safetensors.index.json", index.dump(2) + "\n");
        }
        writeCompanions(folder);
        publishFile(folder + "/README.md", m_card);
        if (m_options.wide) {
            Json config = readJsonFile(folder + "/config.json");
            sayFloat32(config);
            publishFile(folder + "/config.json", config.dump(2) + "\n");
        }
    }

private:
    void writeCompanions(const std::string& folder) const
    {
        if (m_base.isGguf()) {
            for (const auto& [name, content] : files::gguf::folderFiles(m_base.path)) {
                publishFile(folder + "/" + name, content);
            }
            return;
        }
        for (const char* companion : kCompanions) {
            const std::string from = m_base.path + "/" + companion;
            if (fs::is_regular_file(from)) {
                publishFile(folder + "/" + companion, readFile(from, kLargestCompanion));
            }
        }
    }

    void writeShard(const std::string& path, const Shard& shard)
    {
        std::vector<files::SafetensorsWriter::Tensor> list;
        for (const auto& [name, entry] : shard) {
            list.push_back({name, writtenType(entry, m_options), entry.shape});
        }
        files::SafetensorsWriter writer(path, list, {{"format", "pt"}});
        for (const auto& [name, entry] : shard) {
            if (m_options.cancelled && m_options.cancelled()) {
                throw Cancelled();
            }
            writer.write(merged(name, writtenType(entry, m_options)).const_data_ptr());
            m_done += writtenBytes(entry, m_options);
            if (m_options.progress) {
                m_options.progress(static_cast<double>(m_done) / static_cast<double>(m_bytes));
            }
        }
        writer.finish();
    }

    at::Tensor merged(const std::string& name, files::TensorType written) const
    {
        const LoraPair* pair = m_adapter.pairOf(name);
        if (pair == nullptr) {
            return isFloating(written) ? m_weights.read(name, scalarType(written)) : m_weights.read(name);
        }
        return withAdapter(m_weights.read(name, c10::kFloat), *pair).to(scalarType(written)).contiguous();
    }

    const files::ModelFolder& m_base;
    const WeightSource& m_weights;
    const Adapter& m_adapter;
    const MergeOptions& m_options;
    std::string m_card;
    std::uint64_t m_bytes;
    std::uint64_t m_done = 0;
};

}  // namespace

void mergeAdapter(const files::ModelFolder& base, const std::string& adapterFolder, const std::string& out,
                  const MergeOptions& options)
{
    const c10::InferenceMode inference;
    const Adapter adapter = Adapter::load(adapterFolder, base.config, c10::kCPU);
    const auto weights = openWeights(base);
    if (!fs::exists(out)) {
        requireFreeSpace(out, writtenBytes(*weights, options), "the merged model");
    }
    const std::string card = files::modelCardText({out, base.path, adapterFolder, false});
    publishFolder(out,
                  [&](const std::string& folder) { Merge(base, *weights, adapter, options, card).writeTo(folder); });
}

}  // namespace stet::model
