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

// PEFT's name of a module's tensor, matrix A or B.
std::string keyOf(const std::string& module, char matrix)
{
    return kPrefix + module + ".lora_" + matrix + ".weight";
}

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

using Entries = std::map<std::string, files::TensorEntry>;

// A tensor that the configuration calls for, by the header alone: a lying file is refused before its bytes are read.
void requireTensor(const Entries& entries, const std::string& key, const std::vector<std::int64_t>& shape,
                   const std::string& path)
{
    const auto it = entries.find(key);
    if (it == entries.end()) {
        throw badInput(path + " lacks the tensor '" + key + "' that its configuration calls for");
    }
    if (it->second.shape != shape) {
        throw badInput(path + ": tensor '" + key + "' does not fit this base model and rank");
    }
}

at::Tensor readFinite(const std::string& path, const Entries& entries, const std::string& key, c10::Device device)
{
    const at::Tensor tensor = readTensor(path, entries.at(key), c10::kFloat, c10::kCPU);
    if (!at::isfinite(tensor).all().item<bool>()) {
        throw badInput(path + ": tensor '" + key + "' holds numbers that are not finite");
    }
    return tensor.to(device);
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
    const Entries entries = files::readSafetensorsHeader(path).tensors;
    for (const auto& [name, entry] : entries) {
        refuseUnreadable(path, entry);
    }
    const auto modules = files::linearModules(model);
    const std::string configPath = folder + "/adapter_config.json";
    const auto adapted = text::adaptedModules(adapter.config, namesOf(modules), configPath);
    std::set<std::string> expected;
    for (const auto& [module, rank, scale] : adapted) {
        const auto& shape = modules.at(module);
        requireTensor(entries, keyOf(module, 'A'), {rank, shape.in}, path);
        requireTensor(entries, keyOf(module, 'B'), {shape.out, rank}, path);
        expected.insert({keyOf(module, 'A'), keyOf(module, 'B')});
    }
    // PEFT only warns about keys it does not know; here they mean the adapter is not what it says.
    for (const auto& [name, entry] : entries) {
        if (expected.count(name) == 0) {
            refuseOutside(configPath, name);
            throw badInput(path + ": tensor '" + name + "' belongs to no target of this adapter and model");
        }
    }
    for (const auto& [module, rank, scale] : adapted) {
        adapter.modules[module] = {readFinite(path, entries, keyOf(module, 'A'), device),
                                   readFinite(path, entries, keyOf(module, 'B'), device), scale};
    }
    return adapter;
}

void Adapter::save(const std::string& folder) const
{
    std::map<std::string, at::Tensor> tensors;
    for (const auto& [module, pair] : modules) {
        tensors[keyOf(module, 'A')] = pair.a.to(c10::kFloat);
        tensors[keyOf(module, 'B')] = pair.b.to(c10::kFloat);
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
    joined.config.dropout = terms.back()->config.dropout;
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
