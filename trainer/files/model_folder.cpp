#include "trainer/files/model_folder.h"

#include "base/failure.h"
#include "base/files.h"
#include "base/model_path.h"
#include "trainer/files/foreign_files.h"
#include "trainer/files/gguf/gguf_model.h"
#include "trainer/files/tokenizer_config.h"
#include "trainer/files/weight_files.h"
#include "trainer/files/weight_layout.h"

#include <algorithm>
#include <filesystem>

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

void readHeaders(ModelFolder& folder)
{
    const WeightFiles weights = findWeightFiles(folder.path);
    if (!weights.warning.empty()) {
        folder.warnings.push_back(weights.warning);
    }
    for (const auto& name : weights.names) {
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

// An embedding or head of another number of rows: tokens were added, and config.json was not saved with them.
bool isResized(const ModelFolder& folder, const std::string& name, const Shape& found, const Shape& expected)
{
    return (name == "model.embed_tokens.weight" || name == "lm_head.weight") && found.size() == 2 &&
        found[0] != folder.config.vocabSize && found[1] == expected[1];
}

void expectTensor(const ModelFolder& folder, const std::string& name, const Shape& shape)
{
    const auto it = folder.tensors.find(name);
    if (it == folder.tensors.end()) {
        throw badInput(folder.path + ": the weights lack the tensor '" + name + "' that config.json calls for");
    }
    if (isResized(folder, name, it->second.shape, shape)) {
        throw badInput(
            folder.path + ": tensor '" + name + "' has " + std::to_string(it->second.shape[0]) +
            " rows, config.json says vocab_size " + std::to_string(shape[0]) +
            ": the vocabulary was resized; take the config.json that was saved with these weights (vocab_size " +
            std::to_string(it->second.shape[0]) + "), or the weights that belong to this one");
    }
    if (it->second.shape != shape) {
        throw badInput(folder.path + ": tensor '" + name + "' has shape " + shapeText(it->second.shape) +
                       ", config.json calls for " + shapeText(shape));
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

// Sets chatTemplate, or the names of those among which none is called "default".
void readChatTemplate(ModelFolder& folder, const Json& tokenizerConfig)
{
    if (isThere(folder.path + "/chat_template.jinja")) {
        folder.chatTemplate = readFile(folder.path + "/chat_template.jinja", 1U << 20U);
        return;
    }
    const auto it = tokenizerConfig.find("chat_template");
    if (it == tokenizerConfig.end()) {
        return;
    }
    if (it->is_string()) {
        folder.chatTemplate = it->get<std::string>();
        return;
    }
    // Several templates by name: Transformers takes the one called "default", and refuses to choose without it.
    for (const Json& entry : *it) {
        if (!entry.is_object() || !entry.contains("name") || !entry["name"].is_string() ||
            !entry.contains("template") || !entry["template"].is_string()) {
            continue;
        }
        const auto name = entry["name"].get<std::string>();
        if (name == "default") {
            folder.chatTemplate = entry["template"].get<std::string>();
        }
        folder.namedTemplates.push_back(name);
    }
}

}  // namespace

ModelFolder openModelFolder(const std::string& path)
{
    if (isGgufFile(path)) {
        return gguf::openModel(path);
    }
    const std::string configPath = path + "/config.json";
    std::error_code unknown;
    if (!fs::is_directory(path, unknown) || !isThere(configPath)) {
        throw noModelFolder(path);
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
    readChatTemplate(folder, tokenizer.fields);
    readHeaders(folder);
    // A head of its own in the files is used whatever config.json says of tying, as Transformers does since version 5:
    // it is not always the embedding.
    folder.config.tiedEmbeddings = folder.config.tiedEmbeddings && folder.tensors.count("lm_head.weight") == 0;
    checkTensors(folder);
    return folder;
}

}  // namespace stet::files
