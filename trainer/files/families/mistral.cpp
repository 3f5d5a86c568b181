// Mistral 7B and its kin: Llama with a window over every layer, or (Ministral) over those that layer_types names.
// Source: modeling_mistral.py, modeling_ministral.py.
#include "trainer/files/families/family.h"

namespace stet::files {

namespace {

bool everyLayer(const ConfigReader& /*config*/, std::int64_t /*layer*/)
{
    return true;
}

}  // namespace

void describeMistral(const ConfigReader& config, ModelConfig& model)
{
    SizeDefaults sizes;
    sizes.maxPositions = 131072;
    readSizes(config, sizes, model);
    useWindowEverywhere(config, 4096, model);
    if (model.window > 0) {
        useLayerTypes(config, everyLayer, model);
    }
    useRope(config, {}, model);
}

}  // namespace stet::files
