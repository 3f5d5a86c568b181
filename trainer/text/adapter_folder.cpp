#include "trainer/text/adapter_folder.h"

#include "base/failure.h"
#include "trainer/files/foreign_files.h"
#include "trainer/files/lora_tensors.h"
#include "trainer/files/weight_layout.h"

#include <filesystem>
#include <set>

namespace stet::text {

namespace fs = std::filesystem;

namespace {

constexpr const char* kFileName = "adapter_model.safetensors";

std::string configPath(const AdapterFolder& folder)
{
    return folder.path + "/adapter_config.json";
}

std::optional<std::string> moduleOf(const std::string& tensor)
{
    const auto module = files::loraModule(tensor, 'A');
    return module ? module : files::loraModule(tensor, 'B');
}

// What the names of another program's tensors tell of it.
std::string hint(const std::string& name)
{
    const auto holds = [&](const char* part) { return name.find(part) != std::string::npos; };
    if (name.ends_with(".lora_a") || name.ends_with(".lora_b")) {
        return "; these are MLX's: fold the adapter into its base with mlx_lm.fuse and use the new folder as the model";
    }
    if (holds("lora_down") || holds("lora_up")) {
        return "; these are of a LoRA for images";
    }
    if (holds(".lora_A.") || holds(".lora_B.")) {
        return "; save the adapter with PEFT's save_pretrained, or rename its tensors";
    }
    return "; save the adapter with PEFT's save_pretrained";
}

Failure otherNames(const AdapterFolder& folder, const std::string& found)
{
    return badInput(folder.weights + " has a tensor '" + found + "', needed are names like '" +
                    files::loraTensorName("model.layers.0.self_attn.q_proj", 'A') + "', as PEFT writes them" +
                    hint(found));
}

// Of embeddings and head, which PEFT can adapt too (and then may save whole), there is no adapter here.
void refuseOutside(const AdapterFolder& folder, const std::string& tensor)
{
    for (const char* module : {"embed_tokens", "lm_head"}) {
        if (tensor.find(std::string(".") + module + ".") != std::string::npos) {
            throw Failure(FailureKind::ModelRefused,
                          configPath(folder) + ": target '" + module +
                              "' is not supported; supported: the linear layers of attention and MLP. Fold the adapter "
                              "into its base with PEFT (merge_and_unload) and use the saved model as the model");
        }
    }
}

std::string baseOf(const AdapterFolder& folder)
{
    return folder.config.baseModel.empty() ? "" : " ('" + folder.config.baseModel + "')";
}

void refuseOtherTensors(const AdapterFolder& folder, const std::map<std::string, files::LinearShape>& linear)
{
    if (folder.tensors.empty()) {
        throw badInput(folder.weights + " holds no tensor; save the adapter again");
    }
    for (const auto& [name, entry] : folder.tensors) {
        const auto module = moduleOf(name);
        if (module && linear.contains(*module)) {
            continue;
        }
        refuseOutside(folder, name);
        if (!module) {
            throw otherNames(folder, name);
        }
        throw badInput(folder.weights + ": tensor '" + name + "' is of a layer '" + *module +
                       "' that the model has not; it has layers like '" + linear.begin()->first + "' to '" +
                       linear.rbegin()->first + "': the adapter belongs to another model" + baseOf(folder));
    }
}

std::string text(const std::vector<std::int64_t>& shape)
{
    std::string all;
    for (const auto size : shape) {
        all += (all.empty() ? "" : ", ") + std::to_string(size);
    }
    return "[" + all + "]";
}

// A tensor that the configuration calls for, by the header alone: a lying file is refused before its bytes are read.
void requireTensor(const AdapterFolder& folder, const std::string& name, const std::vector<std::int64_t>& shape)
{
    const auto it = folder.tensors.find(name);
    if (it == folder.tensors.end()) {
        throw badInput(folder.weights + " lacks the tensor '" + name + "' that its configuration calls for; it has '" +
                       folder.tensors.begin()->first + "' and others; save the adapter again");
    }
    if (it->second.shape != shape) {
        throw badInput(folder.weights + ": tensor '" + name + "' has shape " + text(it->second.shape) + ", needed is " +
                       text(shape) + ": the adapter belongs to another model" + baseOf(folder) +
                       " or has another rank");
    }
}

// Whether the layers that are meant can be told from the settings alone.
bool saysItsModules(const files::AdapterConfig& config)
{
    if (config.targets.pattern == files::kAllLinear) {
        return false;
    }
    try {
        (void)chosenModules(config, {"model.layers.0.self_attn.q_proj"}, "");
    } catch (const Failure&) {
        return false;
    }
    return true;
}

void takeModulesFromFile(AdapterFolder& folder)
{
    std::set<std::string> modules;
    for (const auto& [name, entry] : folder.tensors) {
        if (auto module = moduleOf(name)) {
            modules.insert(*std::move(module));
        }
    }
    if (modules.empty() && !folder.tensors.empty()) {
        throw otherNames(folder, folder.tensors.begin()->first);
    }
    folder.config.targets = {{modules.begin(), modules.end()}, {}};
    folder.config.excluded = {};
    folder.config.layersToTransform.clear();
    folder.config.layersPattern.clear();
}

}  // namespace

AdapterFolder openAdapterFolder(const std::string& path)
{
    std::error_code unknown;
    if (!fs::is_directory(path, unknown)) {
        throw files::noAdapterFolder(path);
    }
    AdapterFolder folder;
    folder.path = path;
    folder.weights = path + "/" + kFileName;
    folder.config = files::readAdapterConfig(path);
    if (!fs::exists(folder.weights, unknown) && fs::exists(path + "/adapter_model.bin", unknown)) {
        throw badInput(path + " has its weights as adapter_model.bin alone, a pickle, which is never opened; load it " +
                       "in PEFT and save it again, which writes " + kFileName);
    }
    folder.tensors = files::readSafetensorsHeader(folder.weights).tensors;
    if (!saysItsModules(folder.config)) {
        takeModulesFromFile(folder);
    }
    return folder;
}

std::vector<AdaptedModule> adaptedModules(const AdapterFolder& folder, const files::ModelConfig& model)
{
    const auto linear = files::linearModules(model);
    refuseOtherTensors(folder, linear);
    std::vector<std::string> names;
    names.reserve(linear.size());
    for (const auto& [name, shape] : linear) {
        names.push_back(name);
    }
    auto adapted = adaptedModules(folder.config, names, configPath(folder));
    std::set<std::string> meant;
    for (const auto& [module, rank, scale] : adapted) {
        const auto& shape = linear.at(module);
        requireTensor(folder, files::loraTensorName(module, 'A'), {rank, shape.in});
        requireTensor(folder, files::loraTensorName(module, 'B'), {shape.out, rank});
        meant.insert(module);
    }
    // PEFT only warns about tensors it has no use for; here they mean the adapter is not what it says.
    for (const auto& [name, entry] : folder.tensors) {
        if (!meant.contains(*moduleOf(name))) {
            throw badInput(folder.weights + ": tensor '" + name + "' belongs to no target of " + configPath(folder) +
                           " (target_modules)");
        }
    }
    return adapted;
}

}  // namespace stet::text
