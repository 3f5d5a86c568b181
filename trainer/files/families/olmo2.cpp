// OLMo 2: norms after attention and MLP instead of before, queries and keys normalised over all heads at once. Source:
// modeling_olmo2.py.
#include "trainer/files/families/family.h"

namespace stet::files {

void describeOlmo2(const ConfigReader& config, ModelConfig& model)
{
    SizeDefaults sizes;
    sizes.rmsNormEps = 1e-5;
    readSizes(config, sizes, model);
    model.norms = {"", "post_attention_layernorm", "", "post_feedforward_layernorm"};
    model.normWeightInFloat32 = true;
    model.queryKeyNorm = QueryKeyNorm::WholeProjection;
    model.queryKeyValueBias = model.outputBias = config.flag("attention_bias", false);
    model.rotateInFloat32 = true;
    useRope(config, {}, model);
}

}  // namespace stet::files
