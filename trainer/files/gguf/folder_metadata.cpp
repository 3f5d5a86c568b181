#include "trainer/files/gguf/folder_metadata.h"

#include "trainer/files/gguf/architecture.h"
#include "trainer/files/gguf/folder_parts.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>

namespace stet::files::gguf {

namespace {

// Where the family's metadata know no window, the file claims no more than the window: within it nothing is hidden.
std::int64_t contextOf(const ModelFolder& folder, const std::string& architecture, FolderMetadata& metadata)
{
    const ModelConfig& config = folder.config;
    const bool slides = std::find(config.sliding.begin(), config.sliding.end(), true) != config.sliding.end();
    const bool said = architecture.starts_with("gemma") || architecture == "phi3";
    if (said || !slides || config.window >= config.contextLength) {
        return config.contextLength;
    }
    if (config.rope.type != RopeType::Default && config.rope.type != RopeType::Llama3) {
        throw notInGguf(folder.path, "it has a sliding window and a stretched context");
    }
    metadata.notes.push_back("The file says a context of " + std::to_string(config.window) + " tokens, not " +
                             std::to_string(config.contextLength) +
                             ": beyond them this model has a sliding window, which its kind of GGUF can't say");
    return config.window;
}

void addSizes(const ModelFolder& folder, SettingPairs& pairs, FolderMetadata& metadata)
{
    const ModelConfig& config = folder.config;
    const std::int64_t context = contextOf(folder, pairs.architecture(), metadata);
    // Linear scaling stretches the context by its factor; the file says the one before. Gemma 3's is scaled already.
    const bool stretched = config.rope.type == RopeType::Linear && pairs.architecture() != "gemma3";
    pairs.whole("context_length",
                stretched ? std::llround(static_cast<double>(context) / config.rope.factor) : context);
    pairs.whole("embedding_length", config.hiddenSize);
    pairs.whole("block_count", config.layers);
    pairs.whole("feed_forward_length", config.intermediateSize);
    pairs.whole("attention.head_count", config.heads);
    pairs.whole("attention.head_count_kv", config.kvHeads);
    pairs.whole("attention.key_length", config.headDim);
    pairs.whole("attention.value_length", config.headDim);
    pairs.real("attention.layer_norm_rms_epsilon", config.rmsNormEps);
    pairs.whole("vocab_size", config.vocabSize);
}

// The folder's. By a name with "Phi-3" in it llama.cpp takes away spaces behind special tokens, and tokenizers that
// want that are not written.
std::string nameOf(const ModelFolder& folder)
{
    const auto path = std::filesystem::absolute(folder.path).lexically_normal();
    std::string name = (path.has_filename() ? path : path.parent_path()).filename().string();
    for (std::size_t at = 0; at + 4 <= name.size(); ++at) {
        std::string word = name.substr(at, 3);
        std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return std::tolower(c); });
        if (word == "phi" && name[at + 3] == '3') {
            name.insert(at + 3, " ");
        } else if (word == "phi" && name.compare(at + 3, 2, "-3") == 0) {
            name[at + 3] = ' ';
        }
    }
    return name;
}

}  // namespace

Failure notInGguf(const std::string& path, const std::string& reason)
{
    return Failure(FailureKind::ModelRefused,
                   path + " can't be written as GGUF: " + reason +
                       "; give the model's own GGUF file as --model, or make a folder with stet-trainer merge");
}

FolderMetadata metadataOfFolder(const ModelFolder& folder)
{
    SettingPairs settings(architectureFor(folder.config.architecture).name);
    FolderMetadata metadata;
    addSizes(folder, settings, metadata);
    addRope(folder, settings, metadata);
    addFamily(folder, settings);
    metadata.pairs = {textPair("general.architecture", settings.architecture()), textPair("general.type", "model"),
                      textPair("general.name", nameOf(folder))};
    for (const auto& part : {settings.take(), tokenizerPairs(folder, settings.architecture())}) {
        metadata.pairs.insert(metadata.pairs.end(), part.begin(), part.end());
    }
    return metadata;
}

}  // namespace stet::files::gguf
