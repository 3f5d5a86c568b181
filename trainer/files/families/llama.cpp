// Llama 2, 3, 3.1, 3.2 and what is built like them. Source: modeling_llama.py.
#include "trainer/files/families/family.h"

namespace stet::files {

void describeLlama(const ConfigReader& config, ModelConfig& model)
{
    readSizes(config, {}, model);
    model.queryKeyValueBias = model.outputBias = config.flag("attention_bias", false);
    model.mlpBias = config.flag("mlp_bias", false);
    useRope(config, {}, model);
}

}  // namespace stet::files
