#include "trainer/serve/loaded_model.h"

#include "base/failure.h"
#include "trainer/estimate/model_memory.h"
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

contract::ModelDescription describeModel(const std::string& folder, const model::ComputeOptions& compute)
{
    const auto opened = files::openModelFolder(folder);
    const auto resolved = model::resolveCompute(compute, opened.config.dtype);
    const auto memory = round::estimateMemory(opened.config, resolved);
    const auto& c = opened.config;
    contract::ModelDescription description;
    description.architecture = c.architecture;
    description.parameters = files::parameterCount(c);
    description.layers = c.layers;
    description.hiddenSize = c.hiddenSize;
    description.heads = c.heads;
    description.kvHeads = c.kvHeads;
    description.vocabSize = c.vocabSize;
    description.contextLength = c.contextLength;
    description.dtype = c.dtype.empty() ? std::nullopt : std::optional(c.dtype);
    description.tied = c.tiedEmbeddings;
    description.chatTemplate = opened.chatTemplate.has_value();
    description.files = static_cast<std::int64_t>(opened.weightFiles.size());
    description.bytes = opened.weightBytes;
    description.device = resolved.device.str();
    description.deviceReason = resolved.reason;
    description.computeDtype = dtypeName(resolved.dtype);
    description.threads = resolved.threads;
    description.freeMemory = model::freeMemory(resolved.device);
    description.memory = {memory.weights, memory.score, memory.round};
    if (!opened.warnings.empty()) {
        description.warnings = opened.warnings;
    }
    return description;
}

contract::GeneratedLine generatedLine(const files::Example& example, const model::Generated& generated,
                                      const text::ExampleEncoder& encoder)
{
    return {idOf(example), encoder.tokenizer().decode(generated.ids, true),
            static_cast<std::int64_t>(generated.ids.size()),
            generated.stoppedByLength ? contract::Stopped::Length : contract::Stopped::Eos};
}

}  // namespace stet::serve
