#include "trainer/files/gguf/gguf_model.h"

#include "trainer/files/gguf/config.h"
#include "trainer/files/gguf/tokenizer_json.h"
#include "trainer/files/tokenizer_config.h"

namespace stet::files::gguf {

namespace {

constexpr std::size_t kMostTemplate = std::size_t{1} << 20U;

// Several templates by name: the one called "default" is the file's 'tokenizer.chat_template'.
void readChatTemplate(ModelFolder& folder, const Json& tokenizerConfig)
{
    const auto it = tokenizerConfig.find("chat_template");
    if (it == tokenizerConfig.end()) {
        return;
    }
    if (it->is_string()) {
        folder.chatTemplate = it->get<std::string>();
        if (folder.chatTemplate->size() > kMostTemplate) {
            throw badInput(folder.path + ": its chat template has more than 1 MiB");
        }
        return;
    }
    for (const Json& named : *it) {
        folder.namedTemplates.push_back(named.at("name").get<std::string>());
    }
}

}  // namespace

ModelFolder openModel(const std::string& path)
{
    const ModelFile file = openModelFile(path);
    const ConfigOf config = configOf(file);
    ModelFolder folder;
    folder.path = path;
    folder.config = parseModelConfig(config.json, path);
    folder.warnings = config.warnings;
    folder.packed = weightsOf(file, folder.config);
    folder.weightFiles = file.files;
    for (const auto& [name, place] : folder.packed) {
        folder.weightBytes += place.tensor.bytes;
    }
    const Vocabulary vocabulary = readVocabulary(file.metadata);
    TokenizerFiles files;
    files.folder = path;
    files.config = tokenizerConfigJson(file.metadata, vocabulary);
    const TokenizerConfig tokenizer = parseTokenizerConfig(std::move(files));
    folder.stopIds = stopIdsOf(file.metadata, vocabulary);
    folder.specialTokens = tokenizer.specialTokens;
    if (const auto eos = folder.specialTokens.find("eos_token"); eos != folder.specialTokens.end()) {
        folder.eosToken = eos->second;
    }
    readChatTemplate(folder, tokenizer.fields);
    return folder;
}

std::vector<std::pair<std::string, std::string>> folderFiles(const std::string& path)
{
    const ModelFile file = openModelFile(path);
    const Vocabulary vocabulary = readVocabulary(file.metadata);
    const Json generation = {{"eos_token_id", stopIdsOf(file.metadata, vocabulary)}};
    return {{"config.json", configOf(file).json.dump(2) + "\n"},
            {"generation_config.json", generation.dump(2) + "\n"},
            {"tokenizer.json", tokenizerJson(file.metadata)},
            {"tokenizer_config.json", toLine(tokenizerConfigJson(file.metadata, vocabulary)) + "\n"}};
}

}  // namespace stet::files::gguf
