// Phi-3-mini, Phi-3.5-mini, Phi-4 and Phi-4-mini: fused projections, longrope, part of a head rotating. Source:
// modeling_phi3.py.
#include "trainer/files/families/family.h"

namespace stet::files {

void describePhi3(const ConfigReader& config, ModelConfig& model)
{
    SizeDefaults sizes;
    sizes.maxPositions = 4096;
    sizes.rmsNormEps = 1e-5;
    readSizes(config, sizes, model);
    model.fusedProjections = true;
    useWindowEverywhere(config, std::nullopt, model);
    RopeDefaults rope;
    rope.originalContext = 4096;
    rope.oldNamesMeanLongRope = true;
    rope.mayRotatePart = true;
    useRope(config, rope, model);
    if (model.rope.type != RopeType::Default && model.rope.type != RopeType::LongRope) {
        throw config.refused("Phi-3 with another rope type than longrope is not supported");
    }
}

}  // namespace stet::files
