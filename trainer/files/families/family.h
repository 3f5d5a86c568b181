// A model family: what its config.json means, as data in a ModelConfig. One small file per family, named after it; a
// new one is added to families.cpp. Each says which file of Transformers it follows. No Torch. Any thread.
#pragma once

#include "trainer/files/config_reader.h"
#include "trainer/files/model_config.h"
#include "trainer/files/rope_config.h"

#include <vector>

namespace stet::files {

struct Family {
    const char* architecture;  // as in config.json's `architectures`
    // Fills `model`; sizes, ids and dtype are read already. Failure as parseModelConfig.
    void (*describe)(const ConfigReader& config, ModelConfig& model);
    // The class files of its early checkpoints (`auto_map`) are of the same mathematics and are passed over, as
    // Transformers does. Everywhere else a folder that asks to run code is refused.
    bool passesOverOwnCode = false;
};

// What config.json may leave out, by family (configuration_<family>.py).
struct SizeDefaults {
    std::int64_t maxPositions = 2048;
    std::int64_t headDim = 0;  // 0: hidden_size / num_attention_heads
    double rmsNormEps = 1e-6;
    bool tied = false;
    const char* activationField = "hidden_act";
    const char* activation = "silu";
};

// Sizes, norm epsilon, tying, activation, and attentionScale = head_dim^-1/2. Returns max_position_embeddings.
std::int64_t readSizes(const ConfigReader& config, const SizeDefaults& defaults, ModelConfig& model);

// One rope for all layers, and the context it stretches to.
void useRope(const ConfigReader& config, const RopeDefaults& defaults, ModelConfig& model);

// Every layer sees `sliding_window` positions; absent or null: all of them.
void useWindowEverywhere(const ConfigReader& config, std::optional<std::int64_t> fallback, ModelConfig& model);

// Which layers have the window: `layer_types`, or by the family's rule where config.json has none.
using SlidingRule = bool (*)(const ConfigReader& config, std::int64_t layer);
void useLayerTypes(const ConfigReader& config, SlidingRule rule, ModelConfig& model);

const std::vector<Family>& families();

void describeGemma2(const ConfigReader& config, ModelConfig& model);
void describeGemma3(const ConfigReader& config, ModelConfig& model);
void describeGranite(const ConfigReader& config, ModelConfig& model);
void describeLlama(const ConfigReader& config, ModelConfig& model);
void describeMistral(const ConfigReader& config, ModelConfig& model);
void describeOlmo2(const ConfigReader& config, ModelConfig& model);
void describePhi3(const ConfigReader& config, ModelConfig& model);
void describeQwen2(const ConfigReader& config, ModelConfig& model);
void describeQwen3(const ConfigReader& config, ModelConfig& model);

}  // namespace stet::files
