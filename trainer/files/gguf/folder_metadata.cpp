#include "trainer/files/gguf/folder_metadata.h"

#include "base/failure.h"
#include "trainer/files/gguf/architecture.h"

#include <cmath>
#include <filesystem>
#include <string_view>

namespace stet::files::gguf {

namespace {

Failure refused(const ModelFolder& folder, const std::string& reason)
{
    return Failure(FailureKind::ModelRefused,
                   folder.path + " can't be written as GGUF: " + reason +
                       "; give the model's own GGUF file as --model, or make a folder with stet-trainer merge");
}

// Llama 3's rule in the order of operations that llama.cpp's converter has.
std::vector<float> llama3Factors(const Rope& rope)
{
    constexpr double kPi = 3.14159265358979323846;
    std::vector<float> factors;
    const double low = static_cast<double>(rope.originalContext) / rope.lowFrequencyFactor;
    const double high = static_cast<double>(rope.originalContext) / rope.highFrequencyFactor;
    for (std::int64_t i = 0; i < rope.dims; i += 2) {
        const double wavelength =
            2 * kPi * std::pow(rope.theta, static_cast<double>(i) / static_cast<double>(rope.dims));
        double factor = 1;
        if (wavelength > low) {
            factor = rope.factor;
        } else if (wavelength >= high) {
            const double smooth = (static_cast<double>(rope.originalContext) / wavelength - rope.lowFrequencyFactor) /
                (rope.highFrequencyFactor - rope.lowFrequencyFactor);
            factor = 1 / ((1 - smooth) / rope.factor + smooth);
        }
        factors.push_back(static_cast<float>(factor));
    }
    return factors;
}

void refuseWhatIsNotWritten(const ModelFolder& folder, const std::string& architecture)
{
    const ModelConfig& config = folder.config;
    if (architecture.starts_with("gemma") || architecture == "phi3") {
        throw refused(folder, "of " + config.architecture + " only its GGUF files are rewritten");
    }
    if (config.window > 0) {
        throw refused(folder, "its sliding window is not written");
    }
    if (config.rope.type != RopeType::Default && config.rope.type != RopeType::Linear &&
        config.rope.type != RopeType::Llama3) {
        throw refused(folder, "its rope type is not written; written are default, linear and llama3");
    }
    if (config.rope.dims != config.headDim) {
        throw refused(folder, "only a part of each head rotates, which is not written");
    }
}

class Pairs {
public:
    explicit Pairs(std::string prefix) : m_prefix(std::move(prefix) + ".") { }

    void whole(const char* key, std::int64_t value)
    {
        m_pairs.push_back(numberPair(m_prefix + key, static_cast<std::uint32_t>(value)));
    }
    void real(const char* key, double value) { m_pairs.push_back(realPair(m_prefix + key, value)); }
    void text(const char* key, const std::string& value) { m_pairs.push_back(textPair(m_prefix + key, value)); }

    std::vector<Pair> take() { return std::move(m_pairs); }

private:
    std::string m_prefix;
    std::vector<Pair> m_pairs;
};

std::vector<Pair> settingsPairs(const ModelConfig& config, const std::string& architecture)
{
    Pairs pairs(architecture);
    const bool linear = config.rope.type == RopeType::Linear;
    // Linear scaling stretches the context by its factor; the file says the one before.
    pairs.whole("context_length",
                linear ? std::llround(static_cast<double>(config.contextLength) / config.rope.factor)
                       : config.contextLength);
    pairs.whole("embedding_length", config.hiddenSize);
    pairs.whole("block_count", config.layers);
    pairs.whole("feed_forward_length", config.intermediateSize);
    pairs.whole("attention.head_count", config.heads);
    pairs.whole("attention.head_count_kv", config.kvHeads);
    pairs.whole("attention.key_length", config.headDim);
    pairs.whole("attention.value_length", config.headDim);
    pairs.real("attention.layer_norm_rms_epsilon", config.rmsNormEps);
    pairs.whole("rope.dimension_count", config.rope.dims);
    pairs.real("rope.freq_base", config.rope.theta);
    pairs.whole("vocab_size", config.vocabSize);
    if (linear) {
        pairs.text("rope.scaling.type", "linear");
        pairs.real("rope.scaling.factor", config.rope.factor);
    }
    if (architecture == "granite") {
        pairs.real("attention.scale", config.attentionScale);
        pairs.real("embedding_scale", config.embeddingScale);
        pairs.real("residual_scale", config.residualScale);
        pairs.real("logit_scale", config.logitDivisor);
    }
    return pairs.take();
}

}  // namespace

FolderMetadata metadataOfFolder(const ModelFolder& folder)
{
    const std::string architecture = architectureFor(folder.config.architecture).name;
    refuseWhatIsNotWritten(folder, architecture);
    FolderMetadata metadata;
    const auto path = std::filesystem::absolute(folder.path).lexically_normal();
    metadata.pairs = {textPair("general.architecture", architecture), textPair("general.type", "model"),
                      textPair("general.name", (path.has_filename() ? path : path.parent_path()).filename().string())};
    for (const auto& part : {settingsPairs(folder.config, architecture), tokenizerPairs(folder)}) {
        metadata.pairs.insert(metadata.pairs.end(), part.begin(), part.end());
    }
    if (folder.config.rope.type == RopeType::Llama3) {
        metadata.ropeFactors = llama3Factors(folder.config.rope);
    }
    return metadata;
}

}  // namespace stet::files::gguf
