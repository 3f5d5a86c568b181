#include "trainer/model/adapter.h"

#include "base/failure.h"
#include "base/files.h"
#include "base/sha256.h"
#include "trainer/files/lora_tensors.h"
#include "trainer/files/weight_layout.h"
#include "trainer/model/adapter_join.h"
#include "trainer/model/decoder.h"
#include "trainer/model/tensor_io.h"
#include "trainer/text/adapter_folder.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <cmath>
#include <string_view>

namespace stet::model {

namespace {

std::vector<std::string> namesOf(const std::map<std::string, files::LinearShape>& modules)
{
    std::vector<std::string> names;
    for (const auto& [name, shape] : modules) {
        names.push_back(name);
    }
    return names;
}

at::Tensor readFinite(const text::AdapterFolder& folder, const std::string& name, c10::Device device)
{
    const at::Tensor tensor = readTensor(folder.weights, folder.tensors.at(name), c10::kFloat, c10::kCPU);
    if (!at::isfinite(tensor).all().item<bool>()) {
        throw badInput(folder.weights + ": tensor '" + name + "' holds numbers that are not finite");
    }
    return tensor.to(device);
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
    const text::AdapterFolder opened = text::openAdapterFolder(folder);
    for (const auto& [name, entry] : opened.tensors) {
        refuseUnreadable(opened.weights, entry);
    }
    Adapter adapter;
    adapter.config = opened.config;
    for (const auto& [module, rank, scale] : text::adaptedModules(opened, model)) {
        adapter.modules[module] = {readFinite(opened, files::loraTensorName(module, 'A'), device),
                                   readFinite(opened, files::loraTensorName(module, 'B'), device), scale};
    }
    return adapter;
}

void Adapter::save(const std::string& folder) const
{
    const Adapter written = ofOneRank(*this);
    std::map<std::string, at::Tensor> tensors;
    for (const auto& [module, pair] : written.modules) {
        tensors[files::loraTensorName(module, 'A')] = pair.a.to(c10::kFloat);
        tensors[files::loraTensorName(module, 'B')] = pair.b.to(c10::kFloat);
    }
    writeTensors(folder + "/adapter_model.safetensors", tensors, {{"format", "pt"}});
    publishFile(folder + "/adapter_config.json", toJson(written.config).dump(2) + "\n");
}

at::Tensor withAdapter(at::Tensor weight, const LoraPair& pair)
{
    return weight.add_(at::matmul(pair.b, pair.a), pair.scale);
}

const LoraPair* Adapter::pairOf(const std::string& weight) const
{
    constexpr std::string_view kEnd = ".weight";
    if (!weight.ends_with(kEnd)) {
        return nullptr;
    }
    const auto module = modules.find(weight.substr(0, weight.size() - kEnd.size()));
    return module == modules.end() ? nullptr : &module->second;
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

}  // namespace stet::model
