// Qwen2 and Qwen2.5 (biases on queries, keys and values), Qwen3 (normalised queries and keys instead). The window is
// off unless use_sliding_window says otherwise, and then starts at layer max_window_layers. Source: modeling_qwen2.py,
// modeling_qwen3.py.
#include "trainer/files/families/family.h"

namespace stet::files {

namespace {

bool aboveMaxWindowLayers(const ConfigReader& config, std::int64_t layer)
{
    const auto first = optionalInteger(config.json(), "max_window_layers", config.what()).value_or(28);
    return config.flag("use_sliding_window", false) && layer >= first;
}

void useWindow(const ConfigReader& config, ModelConfig& model)
{
    const bool given = config.json().contains("sliding_window");
    const bool used = config.flag("use_sliding_window", false) && (!given || config.has("sliding_window"));
    if (used) {
        model.window = config.size("sliding_window", 4096);
        useLayerTypes(config, aboveMaxWindowLayers, model);
    }
}

}  // namespace

void describeQwen2(const ConfigReader& config, ModelConfig& model)
{
    SizeDefaults sizes;
    sizes.maxPositions = 32768;
    readSizes(config, sizes, model);
    model.queryKeyValueBias = true;
    useWindow(config, model);
    useRope(config, {}, model);
}

void describeQwen3(const ConfigReader& config, ModelConfig& model)
{
    SizeDefaults sizes;
    sizes.maxPositions = 32768;
    sizes.headDim = 128;
    readSizes(config, sizes, model);
    model.queryKeyValueBias = model.outputBias = config.flag("attention_bias", false);
    model.queryKeyNorm = QueryKeyNorm::PerHead;
    useWindow(config, model);
    useRope(config, {}, model);
}

}  // namespace stet::files
