#include "trainer/model/adapter.h"

#include "base/failure.h"
#include "base/files.h"
#include "base/sha256.h"
#include "trainer/files/weight_layout.h"
#include "trainer/model/decoder.h"
#include "trainer/model/tensor_io.h"
#include "trainer/text/adapter_targets.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

namespace stet::model {

namespace {

constexpr const char* kPrefix = "base_model.model.";
constexpr const char* kFileName = "adapter_model.safetensors";

std::vector<std::string> namesOf(const std::map<std::string, files::LinearShape>& modules)
{
    std::vector<std::string> names;
    for (const auto& [name, shape] : modules) {
        names.push_back(name);
    }
    return names;
}

// A module's name as the pattern that means it alone.
std::string escaped(const std::string& module)
{
    std::string pattern;
    for (const char c : module) {
        pattern += c == '.' ? "\\." : std::string(1, c);
    }
    return pattern;
}

at::Tensor take(std::map<std::string, at::Tensor>& tensors, const std::string& key, at::IntArrayRef shape,
                const std::string& path)
{
    const auto it = tensors.find(key);
    if (it == tensors.end()) {
        throw badInput(path + " lacks the tensor '" + key + "' that its configuration calls for");
    }
    if (it->second.sizes() != shape) {
        throw badInput(path + ": tensor '" + key + "' does not fit this base model and rank");
    }
    if (!at::isfinite(it->second.to(c10::kFloat)).all().item<bool>()) {
        throw badInput(path + ": tensor '" + key + "' holds numbers that are not finite");
    }
    const at::Tensor tensor = it->second;
    tensors.erase(it);
    return tensor;
}

// Of embeddings and head, which PEFT can adapt too (and then may save whole), there is no adapter here.
void refuseOutside(const std::string& configPath, const std::string& tensor)
{
    for (const char* module : {"embed_tokens", "lm_head"}) {
        if (tensor.find(std::string(".") + module + ".") != std::string::npos) {
            throw Failure(FailureKind::ModelRefused,
                          configPath + ": target '" + module +
                              "' is not supported; supported: the linear layers of attention and MLP");
        }
    }
}

// A pattern may match norms and whole layers, too; PEFT refuses a folder in which it does.
void nameTargets(Adapter& adapter)
{
    adapter.config.targets = {};
    for (const auto& [module, pair] : adapter.modules) {
        adapter.config.targets.names.push_back(module);
    }
}

}  // namespace

Adapter Adapter::create(const Decoder& decoder, const files::AdapterConfig& config, std::uint64_t seed)
{
    Adapter adapter;
    adapter.config = config;
    const auto modules = files::linearModules(decoder.config());
    const auto options = at::TensorOptions().dtype(c10::kFloat);
    for (const auto& [module, rank, scale] : text::adaptedModules(config, namesOf(modules), "lora")) {
        const auto& shape = modules.at(module);
        // kaiming_uniform_(a = √5) comes to a uniform bound of 1 / √in.
        const double bound = 1.0 / std::sqrt(static_cast<double>(shape.in));
        auto generator =
            at::detail::createCPUGenerator(leadingNumber(sha256(std::to_string(seed) + ":lora:" + module)));
        LoraPair pair;
        pair.a = at::empty({rank, shape.in}, options).uniform_(-bound, bound, generator).to(decoder.compute().device);
        pair.b = at::zeros({shape.out, rank}, options.device(decoder.compute().device));
        pair.scale = scale;
        adapter.modules[module] = pair;
    }
    if (config.targets.pattern) {
        nameTargets(adapter);
    }
    return adapter;
}

Adapter Adapter::load(const std::string& folder, const Decoder& decoder)
{
    return load(folder, decoder.config(), decoder.compute().device);
}

Adapter Adapter::load(const std::string& folder, const files::ModelConfig& model, c10::Device device)
{
    if (!std::filesystem::is_directory(folder)) {
        throw badInput("There is no adapter folder at " + folder + "; check the path");
    }
    Adapter adapter;
    adapter.config = files::readAdapterConfig(folder);
    const std::string path = folder + "/" + kFileName;
    if (std::error_code none;
        !std::filesystem::exists(path, none) && std::filesystem::exists(folder + "/adapter_model.bin", none)) {
        throw badInput(folder +
                       " has its weights as adapter_model.bin alone, a pickle, which is never opened; load it " +
                       "in PEFT and save it again, which writes " + kFileName);
    }
    auto tensors = readTensors(path);
    const auto modules = files::linearModules(model);
    const std::string configPath = folder + "/adapter_config.json";
    for (const auto& [module, rank, scale] : text::adaptedModules(adapter.config, namesOf(modules), configPath)) {
        const auto& shape = modules.at(module);
        const std::string key = kPrefix + module;
        LoraPair pair;
        pair.a = take(tensors, key + ".lora_A.weight", {rank, shape.in}, path).to(device, c10::kFloat);
        pair.b = take(tensors, key + ".lora_B.weight", {shape.out, rank}, path).to(device, c10::kFloat);
        pair.scale = scale;
        adapter.modules[module] = pair;
    }
    // PEFT only warns about keys it does not know; here they mean the adapter is not what it says.
    if (!tensors.empty()) {
        refuseOutside(configPath, tensors.begin()->first);
        throw badInput(path + ": tensor '" + tensors.begin()->first +
                       "' belongs to no target of this adapter and model");
    }
    return adapter;
}

void Adapter::save(const std::string& folder) const
{
    std::map<std::string, at::Tensor> tensors;
    for (const auto& [module, pair] : modules) {
        tensors[kPrefix + module + ".lora_A.weight"] = pair.a.to(c10::kFloat);
        tensors[kPrefix + module + ".lora_B.weight"] = pair.b.to(c10::kFloat);
    }
    writeTensors(folder + "/" + kFileName, tensors, {{"format", "pt"}});
    publishFile(folder + "/adapter_config.json", toJson(config).dump(2) + "\n");
}

std::vector<at::Tensor> Adapter::parameters() const
{
    std::vector<at::Tensor> all;
    for (const auto& [module, pair] : modules) {
        all.push_back(pair.a);
        all.push_back(pair.b);
    }
    return all;
}

void Adapter::requireGrad(bool on)
{
    for (auto& parameter : parameters()) {
        parameter.requires_grad_(on);
    }
}

Adapter concatenate(const std::vector<const Adapter*>& terms)
{
    Adapter joined;
    joined.config.baseModel = terms.back()->config.baseModel;
    bool byName = true;  // last parts of names say which modules: no pattern, no choice of layers in any term
    std::set<std::string> lastParts;
    for (const Adapter* term : terms) {
        const auto& config = term->config;
        byName = byName && !config.targets.pattern && config.excluded == files::ModuleChoice{} &&
            config.layersToTransform.empty();
        for (const auto& name : config.targets.names) {
            byName = byName && name.find('.') == std::string::npos;
        }
        for (const auto& [module, pair] : term->modules) {
            lastParts.insert(module.substr(module.rfind('.') + 1));
            LoraPair& into = joined.modules[module];
            const at::Tensor b = pair.b.detach() * pair.scale;
            into.a = into.a.defined() ? at::cat({into.a, pair.a.detach()}, 0) : pair.a.detach().clone();
            into.b = into.b.defined() ? at::cat({into.b, b}, 1) : b;
        }
    }
    std::int64_t largest = 0;
    for (const auto& [module, pair] : joined.modules) {
        largest = std::max(largest, pair.a.size(0));
        if (!byName) {
            joined.config.targets.names.push_back(module);
        }
    }
    joined.config.rank = largest;
    joined.config.alpha = static_cast<double>(largest);
    if (byName) {
        joined.config.targets.names.assign(lastParts.begin(), lastParts.end());
    }
    for (const auto& [module, pair] : joined.modules) {
        if (pair.a.size(0) != largest) {
            joined.config.rankPattern.emplace_back(escaped(module), pair.a.size(0));
            joined.config.alphaPattern.emplace_back(escaped(module), static_cast<double>(pair.a.size(0)));
        }
    }
    return joined;
}

}  // namespace stet::model
