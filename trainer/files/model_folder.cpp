#include "trainer/files/model_folder.h"

#include "base/failure.h"
#include "base/files.h"
#include "trainer/files/tokenizer_config.h"
#include "trainer/files/weight_layout.h"

#include <algorithm>
#include <filesystem>
#include <unordered_set>

namespace stet::files {

namespace fs = std::filesystem;

namespace {

// A link that leads nowhere is there as well: opening it says what is wrong with it.
bool isThere(const std::string& path)
{
    std::error_code unknown;
    return fs::exists(fs::symlink_status(path, unknown));
}

Json readIfThere(const std::string& path)
{
    Json json = isThere(path) ? readJsonFile(path) : Json::object();
    if (!json.is_object()) {
        throw badInput(path + ": expected an object in braces, found " + std::string(json.type_name()));
    }
    return json;
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

std::vector<std::string> shardNames(const std::string& folder)
{
    const std::string index = folder + "/model.safetensors.index.json";
    if (!isThere(index)) {
        if (!isThere(folder + "/model.safetensors")) {
            const bool pickle = isThere(folder + "/pytorch_model.bin");
            throw badInput(folder + " has no weights: expected model.safetensors or model.safetensors.index.json" +
                           (pickle ? " (pytorch_model.bin is never opened: it can run code; convert it to safetensors)"
                                   : "; check the folder or download it again"));
        }
        return {"model.safetensors"};
    }
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

void readHeaders(ModelFolder& folder)
{
    for (const auto& name : shardNames(folder.path)) {
        const std::string path = folder.path + "/" + name;
        if (!isThere(path)) {
            throw badInput(path + " is named by the index but is not there; download the model again");
        }
        for (auto& [tensor, entry] : readSafetensorsHeader(path).tensors) {
            entry.file = folder.weightFiles.size();
            folder.weightBytes += entry.bytes;
            if (!folder.tensors.emplace(tensor, entry).second) {
                throw badInput(path + ": tensor '" + tensor + "' stands in two files");
            }
        }
        folder.weightFiles.push_back(path);
    }
}

using Shape = std::vector<std::int64_t>;

void expectTensor(const ModelFolder& folder, const std::string& name, const Shape& shape)
{
    const auto it = folder.tensors.find(name);
    if (it == folder.tensors.end()) {
        throw badInput(folder.path + ": the weights lack the tensor '" + name + "' that config.json calls for");
    }
    const auto text = [](const Shape& sizes) {
        std::string joined = "[";
        for (const auto size : sizes) {
            joined += (joined.size() > 1 ? ", " : "") + std::to_string(size);
        }
        return joined + "]";
    };
    if (it->second.shape != shape) {
        throw badInput(folder.path + ": tensor '" + name + "' has shape " + text(it->second.shape) +
                       ", config.json calls for " + text(shape));
    }
    if (it->second.type != TensorType::F32 && it->second.type != TensorType::F16 &&
        it->second.type != TensorType::BF16) {
        throw Failure(FailureKind::ModelRefused,
                      folder.path + ": tensor '" + name + "' is of type " +
                          std::string(tensorTypeName(it->second.type)) + "; supported: F32, F16, BF16");
    }
}

void checkTensors(const ModelFolder& folder)
{
    for (const auto& [name, shape] : weightLayout(folder.config)) {
        expectTensor(folder, name, shape);
    }
}

std::vector<std::int64_t> stopIdsOf(const ModelFolder& folder)
{
    const std::string path = folder.path + "/generation_config.json";
    const Json generation = readIfThere(path);
    const auto it = generation.find("eos_token_id");
    if (it == generation.end() || it->is_null()) {
        return folder.config.eosIds;
    }
    std::vector<std::int64_t> ids;
    for (const auto& id : it->is_array() ? *it : Json::array({*it})) {
        if (!id.is_number_integer() || id.get<std::int64_t>() < 0) {
            throw badInput(path + ": field 'eos_token_id' must be a token id or a list of them");
        }
        ids.push_back(id.get<std::int64_t>());
    }
    return ids;
}

std::optional<std::string> chatTemplateOf(const std::string& path, const Json& tokenizerConfig)
{
    if (isThere(path + "/chat_template.jinja")) {
        return readFile(path + "/chat_template.jinja", 1U << 20U);
    }
    const auto it = tokenizerConfig.find("chat_template");
    if (it == tokenizerConfig.end()) {
        return std::nullopt;
    }
    if (it->is_string()) {
        return it->get<std::string>();
    }
    // Several templates by name: Transformers takes the one called "default".
    for (const Json& entry : *it) {
        if (entry.is_object() && entry.contains("name") && entry["name"] == "default" && entry.contains("template") &&
            entry["template"].is_string()) {
            return entry["template"].get<std::string>();
        }
    }
    return std::nullopt;
}

}  // namespace

ModelFolder openModelFolder(const std::string& path)
{
    std::error_code unknown;
    if (!fs::is_directory(path, unknown)) {
        throw badInput("There is no model folder at " + path + "; check the path");
    }
    const std::string configPath = path + "/config.json";
    if (!isThere(configPath)) {
        throw badInput(path + " is not a model folder: it has no config.json");
    }
    ModelFolder folder;
    folder.path = path;
    folder.config = parseModelConfig(readJsonFile(configPath), configPath);
    const TokenizerConfig tokenizer = readTokenizerConfig(path);
    folder.stopIds = stopIdsOf(folder);
    folder.specialTokens = tokenizer.specialTokens;
    if (const auto eos = folder.specialTokens.find("eos_token"); eos != folder.specialTokens.end()) {
        folder.eosToken = eos->second;
    }
    folder.chatTemplate = chatTemplateOf(path, tokenizer.fields);
    readHeaders(folder);
    // A head of its own in the files is used whatever config.json says of tying, as Transformers does since version 5:
    // it is not always the embedding.
    folder.config.tiedEmbeddings = folder.config.tiedEmbeddings && folder.tensors.count("lm_head.weight") == 0;
    checkTensors(folder);
    return folder;
}

}  // namespace stet::files
