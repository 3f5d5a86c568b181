// Mistral 7B and its kin: Llama with a window over every layer. Source: modeling_mistral.py.
#include "trainer/files/families/family.h"

namespace stet::files {

void describeMistral(const ConfigReader& config, ModelConfig& model)
{
    SizeDefaults sizes;
    sizes.maxPositions = 131072;
    readSizes(config, sizes, model);
    useWindowEverywhere(config, 4096, model);
    useRope(config, {}, model);
}

}  // namespace stet::files
