#include "trainer/files/gguf/architecture.h"

#include <algorithm>
#include <array>

namespace stet::files::gguf {

namespace {

void describeWindow(Keys& keys, Json& config)
{
    const std::int64_t window = keys.integer("attention.sliding_window").value_or(0);
    config["sliding_window"] = window > 0 ? Json(window) : Json();
}

// The scale of queries is not in the file. llama.cpp knows the one size that has another, by its number of layers.
std::int64_t queryScalar(const Json& config, std::int64_t layersOfOther)
{
    const bool other = config.at("num_hidden_layers") == layersOfOther;
    const std::int64_t heads = std::max<std::int64_t>(1, config.at("num_attention_heads").get<std::int64_t>());
    return other ? config.at("hidden_size").get<std::int64_t>() / heads : config.at("head_dim").get<std::int64_t>();
}

void describeGemma2(Keys& keys, Json& config)
{
    describeWindow(keys, config);
    config["query_pre_attn_scalar"] = queryScalar(config, 46);
    for (const auto& [key, field] : {std::pair("attn_logit_softcapping", "attn_logit_softcapping"),
                                     std::pair("final_logit_softcapping", "final_logit_softcapping")}) {
        if (const auto cap = keys.number(key)) {
            config[field] = *cap;
        }
    }
}

// Which layers have the window: a flag for each, or every how many layers has none.
void describePattern(Keys& keys, Json& config)
{
    constexpr const char* kPattern = "attention.sliding_window_pattern";
    if (!keys.has(kPattern)) {
        return;
    }
    if (!keys.isList(kPattern)) {
        config["sliding_window_pattern"] = keys.requiredInteger(kPattern);
        return;
    }
    Json types = Json::array();
    for (const double sliding : keys.numbers(kPattern)) {
        types.push_back(sliding != 0 ? "sliding_attention" : "full_attention");
    }
    config["layer_types"] = types;
}

void describeGemma3(Keys& keys, Json& config)
{
    describeWindow(keys, config);
    describePattern(keys, config);
    config["query_pre_attn_scalar"] = queryScalar(config, 62);
    config["final_logit_softcapping"] = Json();
    if (const auto cap = keys.number("final_logit_softcapping")) {
        config["final_logit_softcapping"] = *cap;
    }
    if (const auto local = keys.number("rope.freq_base_swa")) {
        config["rope_local_base_freq"] = *local;
    }
}

void describePhi3(Keys& keys, Json& config)
{
    describeWindow(keys, config);
}

void describeGranite(Keys& keys, Json& config)
{
    config["embedding_multiplier"] = keys.number("embedding_scale").value_or(1);
    config["residual_multiplier"] = keys.number("residual_scale").value_or(1);
    config["attention_multiplier"] = keys.requiredNumber("attention.scale");
    config["logits_scaling"] = keys.number("logit_scale").value_or(1);
}

void describeOlmo2(Keys& keys, Json& /*config*/)
{
    keys.refuse("attention.sliding_window", "it is an OLMo 3, which is not supported");
}

constexpr std::array kArchitectures = {
    Architecture{"llama", "LlamaForCausalLM", "llama", true, nullptr},
    Architecture{"qwen2", "Qwen2ForCausalLM", "qwen2", false, nullptr},
    Architecture{"qwen3", "Qwen3ForCausalLM", "qwen3", false, nullptr},
    Architecture{"gemma2", "Gemma2ForCausalLM", "gemma2", false, describeGemma2},
    Architecture{"gemma3", "Gemma3ForCausalLM", "gemma3_text", false, describeGemma3},
    Architecture{"phi3", "Phi3ForCausalLM", "phi3", false, describePhi3},
    Architecture{"olmo2", "Olmo2ForCausalLM", "olmo2", false, describeOlmo2},
    Architecture{"granite", "GraniteForCausalLM", "granite", true, describeGranite},
};

}  // namespace

std::string Keys::used(const std::string& key)
{
    std::string whole = m_prefix + "." + key;
    m_used.insert(whole);
    return whole;
}

bool Keys::isList(const std::string& key) const
{
    const auto it = m_metadata.values().find(m_prefix + "." + key);
    return it != m_metadata.values().end() && std::holds_alternative<ArrayValue>(it->second);
}

std::int64_t Keys::requiredInteger(const std::string& key)
{
    const auto value = integer(key);
    if (!value) {
        throw m_metadata.missing(used(key));
    }
    return *value;
}

double Keys::requiredNumber(const std::string& key)
{
    const auto value = number(key);
    if (!value) {
        throw m_metadata.missing(used(key));
    }
    return *value;
}

void Keys::refuse(const std::string& key, const std::string& why)
{
    const bool asked = m_used.count(m_prefix + "." + key) > 0;
    const auto it = m_metadata.values().find(used(key));
    if (asked || it == m_metadata.values().end()) {
        return;
    }
    const auto* whole = std::get_if<std::int64_t>(&it->second);
    const auto* flag = std::get_if<bool>(&it->second);
    if (!(whole != nullptr && *whole == 0) && !(flag != nullptr && !*flag)) {
        throw m_metadata.refused(why + " ('" + it->first + "')");
    }
}

std::vector<std::string> Keys::unknown() const
{
    std::vector<std::string> names;
    for (const auto& [name, value] : m_metadata.values()) {
        if (name.starts_with(m_prefix + ".") && m_used.count(name) == 0) {
            names.push_back(name);
        }
    }
    return names;
}

const Architecture& architectureOf(const Metadata& metadata)
{
    const auto name = metadata.text("general.architecture");
    if (!name) {
        throw metadata.missing("general.architecture");
    }
    std::string supported;
    for (const Architecture& one : kArchitectures) {
        if (*name == one.name) {
            return one;
        }
        supported += (supported.empty() ? "" : ", ") + std::string(one.name);
    }
    throw metadata.refused("architecture " + toLine(*name) + " is not supported in GGUF; supported: " + supported);
}

const Architecture& architectureFor(const std::string& huggingFace)
{
    // A Mistral is a Llama there.
    const std::string name = huggingFace == "MistralForCausalLM" ? "LlamaForCausalLM" : huggingFace;
    for (const Architecture& one : kArchitectures) {
        if (name == one.huggingFace) {
            return one;
        }
    }
    throw Failure(FailureKind::ModelRefused, huggingFace + " can't be written as GGUF; merge writes a folder");
}

}  // namespace stet::files::gguf
