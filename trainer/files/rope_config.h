// The rotary part of config.json, in today's spelling (rope_parameters, flat or by layer type) and yesterday's
// (rope_theta beside rope_scaling). Source: modeling_rope_utils.py and configuration_*.py of Transformers. No Torch.
#pragma once

#include "trainer/files/config_reader.h"
#include "trainer/files/model_config.h"

namespace stet::files {

// What a family says beside the settings.
struct RopeDefaults {
    double theta = 10000;
    double partialRotaryFactor = 1;
    std::int64_t maxPositions = 0;                // max_position_embeddings
    std::optional<std::int64_t> originalContext;  // Phi-3 has one even where config.json is silent
    bool oldNamesMeanLongRope = false;            // "su" and "yarn" of early Phi-3 files
    bool mayRotatePart = false;                   // the family reads partial_rotary_factor
};

// One rope for every layer. Failure(ModelRefused) names a type that is not supported.
Rope readRope(const ConfigReader& config, std::int64_t headDim, const RopeDefaults& defaults);

// One object of rope settings (nullopt: none were given); thetas and factors missing in it come from `defaults`.
Rope readRopeSettings(const std::optional<ConfigReader>& settings, const ConfigReader& config, std::int64_t headDim,
                      const RopeDefaults& defaults);

// rope_parameters or rope_scaling, whichever is given and not empty.
std::optional<ConfigReader> ropeSettingsOf(const ConfigReader& config);

// How many positions a model with this rope takes: linear and dynamic stretch by their factor, yarn its original
// context.
std::int64_t stretchedContext(const Rope& rope, std::int64_t maxPositions);

}  // namespace stet::files
