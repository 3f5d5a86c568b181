#include "trainer/serve/loaded_model.h"

#include "base/failure.h"
#include "trainer/files/weight_layout.h"

#include <algorithm>
#include <filesystem>

namespace stet::serve {

namespace fs = std::filesystem;

namespace {

std::string dtypeName(c10::ScalarType type)
{
    return type == c10::kFloat ? "float32" : "bfloat16";
}

}  // namespace

bool isBase(const std::string& path)
{
    return path.empty() || path == "base";
}

LoadedModel::LoadedModel(const std::string& folder, const model::ComputeOptions& compute,
                         const std::string& promptStyle, const std::function<void(double)>& progress)
    : m_folder(files::openModelFolder(folder))
{
    const auto resolved = model::resolveCompute(compute, m_folder.config.dtype);
    m_encoder = std::make_unique<text::ExampleEncoder>(text::Tokenizer::load(folder),
                                                       text::PromptStyle::resolve(promptStyle, m_folder), m_folder);
    m_decoder = model::Decoder::load(m_folder, resolved, progress);
}

std::string LoadedModel::adapterKey(const std::string& path)
{
    if (isBase(path)) {
        return {};
    }
    std::string key = path;
    for (const char* file : {"/adapter_model.safetensors", "/adapter_config.json"}) {
        std::error_code ignored;
        key += "@" + std::to_string(fs::last_write_time(path + file, ignored).time_since_epoch().count());
    }
    return key;
}

model::Adapters LoadedModel::adapters(const std::string& path)
{
    if (isBase(path)) {
        return {};
    }
    const std::string key = adapterKey(path);
    const auto it =
        std::find_if(m_adapters.begin(), m_adapters.end(), [&](const auto& one) { return one.first == key; });
    if (it != m_adapters.end()) {
        m_adapters.splice(m_adapters.begin(), m_adapters, it);
    } else {
        m_adapters.emplace_front(key, model::Adapter::load(path, *m_decoder));
    }
    return {{&m_adapters.front().second}, nullptr};
}

void LoadedModel::forgetAdapters(std::size_t kept)
{
    m_adapters.resize(std::min(kept, m_adapters.size()));
}

Json describeModel(const std::string& folder, const model::ComputeOptions& compute)
{
    const auto opened = files::openModelFolder(folder);
    const auto resolved = model::resolveCompute(compute, opened.config.dtype);
    const auto memory = model::estimateMemory(opened.config, resolved.dtype);
    const auto& c = opened.config;
    return {{"architecture", c.architecture},
            {"parameters", files::parameterCount(c)},
            {"layers", c.layers},
            {"hidden_size", c.hiddenSize},
            {"heads", c.heads},
            {"kv_heads", c.kvHeads},
            {"vocab_size", c.vocabSize},
            {"context_length", c.contextLength},
            {"dtype", c.dtype.empty() ? Json() : Json(c.dtype)},
            {"tied", c.tiedEmbeddings},
            {"chat_template", opened.chatTemplate.has_value()},
            {"files", opened.weightFiles.size()},
            {"bytes", opened.weightBytes},
            {"device", resolved.device.str()},
            {"device_reason", resolved.reason},
            {"compute_dtype", dtypeName(resolved.dtype)},
            {"threads", resolved.threads},
            {"free_memory", model::freeMemory(resolved.device)},
            {"memory", {{"weights", memory.weights}, {"score", memory.score}, {"round", memory.round}}}};
}

}  // namespace stet::serve
