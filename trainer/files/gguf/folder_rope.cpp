// A folder's rotary embedding in GGUF: linear and YaRN by metadata, Llama 3's and LongRoPE's factors as tensors.
#include "trainer/files/gguf/folder_parts.h"

#include <algorithm>
#include <cmath>

namespace stet::files::gguf {

namespace {

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

// The magnitude of sine and cosine is not in the file: llama.cpp and Stet take the one that follows from the factor.
void requireMagnitude(const ModelFolder& folder, double usual)
{
    if (!(std::abs(folder.config.rope.attentionFactor / usual - 1) < 1e-6)) {
        throw notInGguf(folder.path, "its rope has an attention factor of its own");
    }
}

void addYarn(const ModelFolder& folder, SettingPairs& pairs)
{
    const Rope& rope = folder.config.rope;
    requireMagnitude(folder, rope.factor <= 1 ? 1 : 0.1 * std::log(rope.factor) + 1);
    if (!rope.truncate) {
        throw notInGguf(folder.path, "its YaRN has bounds that are no whole numbers (truncate is false)");
    }
    pairs.text("rope.scaling.type", "yarn");
    pairs.real("rope.scaling.factor", rope.factor);
    pairs.whole("rope.scaling.original_context_length", rope.originalContext);
    pairs.real("rope.scaling.yarn_beta_fast", rope.betaFast);
    pairs.real("rope.scaling.yarn_beta_slow", rope.betaSlow);
}

void addLongRope(const ModelFolder& folder, SettingPairs& pairs, FolderMetadata& metadata)
{
    const Rope& rope = folder.config.rope;
    if (pairs.architecture() != "phi3") {
        throw notInGguf(folder.path, "rope type longrope is only written for Phi-3");
    }
    const double factor = static_cast<double>(folder.config.contextLength) / static_cast<double>(rope.originalContext);
    const double usual =
        factor <= 1 ? 1 : std::sqrt(1 + std::log(factor) / std::log(static_cast<double>(rope.originalContext)));
    requireMagnitude(folder, usual);
    pairs.whole("rope.scaling.original_context_length", rope.originalContext);
    pairs.real("rope.scaling.attn_factor", usual);
    for (const auto& [name, factors] : {std::pair("rope_factors_long.weight", &rope.longFactors),
                                        std::pair("rope_factors_short.weight", &rope.shortFactors)}) {
        metadata.ropeFactors.emplace_back(name, std::vector<float>(factors->begin(), factors->end()));
    }
}

}  // namespace

void addRope(const ModelFolder& folder, SettingPairs& pairs, FolderMetadata& metadata)
{
    const Rope& rope = folder.config.rope;
    if (rope.dims != folder.config.headDim && pairs.architecture() != "phi3") {
        throw notInGguf(folder.path, "only a part of each head rotates, which is only written for Phi-3");
    }
    pairs.whole("rope.dimension_count", rope.dims);
    pairs.real("rope.freq_base", rope.theta);
    switch (rope.type) {
    case RopeType::Default:
        break;
    case RopeType::Linear:
        pairs.text("rope.scaling.type", "linear");
        pairs.real("rope.scaling.factor", rope.factor);
        break;
    case RopeType::Yarn:
        addYarn(folder, pairs);
        break;
    case RopeType::Llama3:
        metadata.ropeFactors.emplace_back("rope_freqs.weight", llama3Factors(rope));
        break;
    case RopeType::LongRope:
        addLongRope(folder, pairs, metadata);
        break;
    case RopeType::Dynamic:
        throw notInGguf(folder.path, "rope type dynamic has no words there");
    }
}

}  // namespace stet::files::gguf
