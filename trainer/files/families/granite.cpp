// Granite 3: Llama with four multipliers. Source: modeling_granite.py.
#include "trainer/files/families/family.h"

namespace stet::files {

void describeGranite(const ConfigReader& config, ModelConfig& model)
{
    readSizes(config, {}, model);
    model.queryKeyValueBias = model.outputBias = config.flag("attention_bias", false);
    model.mlpBias = config.flag("mlp_bias", false);
    model.embeddingScale = config.positive("embedding_multiplier", 1.0);
    model.residualScale = config.positive("residual_multiplier", 1.0);
    model.attentionScale = config.positive("attention_multiplier", 1.0);
    model.logitDivisor = config.positive("logits_scaling", 1.0);
    useRope(config, {}, model);
}

}  // namespace stet::files
