// The tensors that a model of given settings consists of, by Hugging Face name: what a folder must hold, what the
// decoder loads, what an adapter may target, what `parameters` counts. No Torch. Any thread.
#pragma once

#include "trainer/files/model_config.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace stet::files {

struct WeightShape {
    std::string name;  // "model.layers.0.mlp.gate_proj.weight"
    std::vector<std::int64_t> shape;
};

struct LinearShape {
    std::string name;  // below its layer: "mlp.gate_proj"
    std::int64_t in = 0;
    std::int64_t out = 0;
    bool bias = false;
};

std::string layerPrefix(std::int64_t layer);  // "model.layers.3."

// The linear modules of every layer; attention first.
std::vector<LinearShape> layerLinears(const ModelConfig& config);

// Everything, in the order of loading; the head of a tied model is absent.
std::vector<WeightShape> weightLayout(const ModelConfig& config);

// Every linear module an adapter may target, by full name: "model.layers.0.mlp.gate_proj".
std::map<std::string, LinearShape> linearModules(const ModelConfig& config);

std::int64_t parameterCount(const ModelConfig& config);

std::string shapeText(const std::vector<std::int64_t>& shape);  // "[576, 1536]", for messages

}  // namespace stet::files
