// The rotary embedding out of a GGUF file. Linear and YaRN are in the metadata; Llama 3 and LongRoPE are factors that
// divide each frequency, in tensors.
#include "trainer/files/gguf/architecture.h"
#include "trainer/files/gguf/config.h"

#include <algorithm>
#include <cmath>

namespace stet::files::gguf {

namespace {

constexpr std::int64_t kMostFactors = 65536;

// A vector of numbers > 0; empty when there is none of the name.
std::vector<double> factorsOf(const ModelFile& model, const std::string& name)
{
    const auto it = model.tensors.find(name);
    if (it == model.tensors.end()) {
        return {};
    }
    if (it->second.shape.size() != 1 || it->second.shape[0] > kMostFactors) {
        throw badInput(model.path + ": tensor '" + name + "' must be a short vector; download the file again");
    }
    std::vector<float> numbers(static_cast<std::size_t>(it->second.shape[0]));
    readRows(model.files[it->second.file], it->second, 0, 1, numbers.data());
    return {numbers.begin(), numbers.end()};
}

// The factors of Llama 3.1 and later, by its published rule: 1 for high frequencies, `factor` for low ones, between
// them a smooth way (modeling_rope_utils.py, _compute_llama3_parameters).
struct Llama3Rule {
    double factor = 8;
    double low = 1;
    double high = 4;
    double context = 8192;

    double operator()(double frequency) const
    {
        constexpr double kPi = 3.14159265358979323846;
        const double wavelength = 2 * kPi / frequency;
        if (wavelength < context / high) {
            return 1;
        }
        if (wavelength > context / low) {
            return factor;
        }
        const double smooth = (context / wavelength - low) / (high - low);
        return 1 / ((1 - smooth) / factor + smooth);
    }
};

bool follow(const Llama3Rule& rule, const std::vector<double>& factors, double theta)
{
    const auto count = static_cast<double>(factors.size());
    for (std::size_t i = 0; i < factors.size(); ++i) {
        const double expected = rule(std::pow(theta, -static_cast<double>(i) / count));
        if (!(std::abs(factors[i] - expected) <= 1e-4 * expected)) {
            return false;
        }
    }
    return true;
}

// By its rule where the factors follow it, so that Transformers knows it again; else the factors themselves, which is
// what LongRoPE is with one list for short and long.
Json frequencyFactors(const std::vector<double>& factors, double theta, const Json& context)
{
    Llama3Rule rule;
    rule.factor = *std::max_element(factors.begin(), factors.end());
    if (rule.factor > 1 && follow(rule, factors, theta)) {
        return {{"rope_type", "llama3"},
                {"factor", rule.factor},
                {"low_freq_factor", rule.low},
                {"high_freq_factor", rule.high},
                {"original_max_position_embeddings", static_cast<std::int64_t>(rule.context)}};
    }
    return {{"rope_type", "longrope"}, {"short_factor", factors}, {"long_factor", factors},
            {"factor", 1.0},           {"attention_factor", 1.0}, {"original_max_position_embeddings", context}};
}

Json longRope(const std::vector<double>& shortFactors, const std::vector<double>& longFactors, Keys& keys)
{
    return {{"rope_type", "longrope"},
            {"short_factor", shortFactors},
            {"long_factor", longFactors},
            {"original_max_position_embeddings", keys.requiredInteger("rope.scaling.original_context_length")}};
}

Json yarn(Keys& keys)
{
    Json rope = {{"rope_type", "yarn"}, {"factor", keys.requiredNumber("rope.scaling.factor")}};
    rope["original_max_position_embeddings"] = keys.requiredInteger("rope.scaling.original_context_length");
    for (const auto& [key, field] :
         {std::pair("rope.scaling.yarn_beta_fast", "beta_fast"), std::pair("rope.scaling.yarn_beta_slow", "beta_slow"),
          std::pair("rope.scaling.yarn_attn_factor", "attention_factor")}) {
        if (const auto number = keys.number(key)) {
            rope[field] = *number;
        }
    }
    keys.refuse("rope.scaling.yarn_log_multiplier", "its YaRN has a multiplier, which is not supported");
    return rope;
}

Json byType(Keys& keys)
{
    const std::string type = keys.text("rope.scaling.type").value_or("none");
    const auto old = keys.number("rope.scale_linear").value_or(1);
    if (type == "none") {
        const double factor = keys.number("rope.scaling.factor").value_or(old);
        return factor == 1 ? Json() : Json{{"rope_type", "linear"}, {"factor", factor}};
    }
    if (type == "linear") {
        return {{"rope_type", "linear"}, {"factor", keys.requiredNumber("rope.scaling.factor")}};
    }
    if (type == "yarn") {
        return yarn(keys);
    }
    throw keys.metadata().refused("rope type '" + type + "' is not supported in GGUF; supported: none, linear, yarn");
}

}  // namespace

void describeRope(const ModelFile& model, Keys& keys, Json& config)
{
    const double theta = keys.number("rope.freq_base").value_or(10000);
    config["rope_theta"] = theta;
    // Follows from the two contexts; said by the converter for llama.cpp.
    keys.passOver("rope.scaling.attn_factor");
    const auto longFactors = factorsOf(model, "rope_factors_long.weight");
    const auto shortFactors = factorsOf(model, "rope_factors_short.weight");
    const auto factors = factorsOf(model, "rope_freqs.weight");
    Json rope;
    if (!longFactors.empty() || !shortFactors.empty()) {
        rope = longRope(shortFactors, longFactors, keys);
        config["original_max_position_embeddings"] = rope["original_max_position_embeddings"];
    } else if (!factors.empty()) {
        rope = frequencyFactors(factors, theta, config.at("max_position_embeddings"));
    } else {
        rope = byType(keys);
    }
    for (const char* read : {"rope.scaling.type", "rope.scaling.original_context_length"}) {
        keys.passOver(read);
    }
    if (!rope.is_null()) {
        config["rope_scaling"] = rope;
    }
}

}  // namespace stet::files::gguf
