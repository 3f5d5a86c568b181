#include "trainer/files/gguf/config.h"

#include "trainer/files/gguf/architecture.h"

#include <algorithm>

namespace stet::files::gguf {

namespace {

void refuseWhatIsNotRead(Keys& keys)
{
    keys.refuse("expert_count", "it is a mixture of experts, which is not supported; use a dense model");
    keys.refuse("pooling_type", "it is made for another task than writing text");
    keys.refuse("rope.dimension_sections", "it also reads images, which is not supported");
    keys.refuse("attention.clamp_kqv", "it limits queries and keys, which is not supported");
    if (!keys.flag("attention.causal").value_or(true)) {
        throw keys.metadata().refused("it reads texts both ways ('attention.causal' is false), which is not supported");
    }
    for (const char* known : {"vocab_size", "expert_used_count", "rope.scaling.finetuned",
                              "attention.layer_norm_epsilon", "tensor_data_layout"}) {
        keys.passOver(known);
    }
}

void describeSizes(Keys& keys, Json& config)
{
    config["max_position_embeddings"] = keys.requiredInteger("context_length");
    config["hidden_size"] = keys.requiredInteger("embedding_length");
    config["intermediate_size"] = keys.requiredInteger("feed_forward_length");
    config["num_hidden_layers"] = keys.requiredInteger("block_count");
    config["num_attention_heads"] = keys.requiredInteger("attention.head_count");
    config["num_key_value_heads"] =
        keys.integer("attention.head_count_kv").value_or(config.at("num_attention_heads").get<std::int64_t>());
    config["rms_norm_eps"] = keys.requiredNumber("attention.layer_norm_rms_epsilon");
}

// What rotates of a head, by default all of it. Older files of llama say a head's size by it alone.
void describeHeads(Keys& keys, const Architecture& architecture, Json& config)
{
    const auto heads = config.at("num_attention_heads").get<std::int64_t>();
    const auto hidden = config.at("hidden_size").get<std::int64_t>();
    const auto rotating = keys.integer("rope.dimension_count");
    const auto given = keys.integer("attention.key_length");
    std::int64_t size = given.value_or(heads > 0 ? hidden / heads : 0);
    if (!given && rotating && architecture.pairedRows) {
        size = *rotating;
    }
    if (const auto values = keys.integer("attention.value_length"); values && *values != size) {
        throw keys.metadata().refused("its values have heads of " + std::to_string(*values) + " numbers, its keys of " +
                                      std::to_string(size) + ", which is not supported");
    }
    if (rotating && (*rotating < 1 || *rotating > size)) {
        throw badInput(keys.metadata().path() + ": " + std::to_string(*rotating) + " of the " + std::to_string(size) +
                       " numbers of a head rotate by its metadata, which can't be; download the file again");
    }
    config["head_dim"] = size;
    if (rotating && *rotating != size) {
        if (std::string_view(architecture.name) != "phi3") {
            throw keys.metadata().refused("only " + std::to_string(*rotating) + " of the " + std::to_string(size) +
                                          " numbers of a head rotate, which is not supported for this architecture");
        }
        // A little more where the whole number would not come out again.
        const double part = static_cast<double>(*rotating) / static_cast<double>(size);
        const bool exact = static_cast<std::int64_t>(static_cast<double>(size) * part) == *rotating;
        config["partial_rotary_factor"] =
            exact ? part : (static_cast<double>(*rotating) + 0.25) / static_cast<double>(size);
    }
}

// The type that holds most of the weights: which dtype the model computes in where nothing is asked for. Of a quantised
// one, bfloat16 has more digits than its numbers.
std::string dtypeOf(const ModelFile& model)
{
    std::map<NumberType, std::uint64_t> bytes;
    for (const auto& [name, tensor] : model.tensors) {
        bytes[tensor.type] += tensor.bytes;
    }
    const auto most =
        std::max_element(bytes.begin(), bytes.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    if (most == bytes.end() || most->first == NumberType::F32) {
        return "float32";
    }
    return most->first == NumberType::F16 ? "float16" : "bfloat16";
}

void describeTensors(const ModelFile& model, Json& config)
{
    const auto embedding = model.tensors.find("token_embd.weight");
    if (embedding == model.tensors.end()) {
        throw badInput(model.path + ": it has no tensor 'token_embd.weight'; download the file again");
    }
    config["vocab_size"] = rowCount(embedding->second);
    config["tie_word_embeddings"] = model.tensors.count("output.weight") == 0;
    config["attention_bias"] = model.tensors.count("blk.0.attn_q.bias") > 0;
    config["mlp_bias"] = model.tensors.count("blk.0.ffn_down.bias") > 0;
    config["dtype"] = dtypeOf(model);
}

void describeEnds(const Metadata& metadata, Json& config)
{
    for (const auto& [key, field] : {std::pair("tokenizer.ggml.bos_token_id", "bos_token_id"),
                                     std::pair("tokenizer.ggml.eos_token_id", "eos_token_id")}) {
        if (const auto id = metadata.integer(key)) {
            config[field] = *id;
        }
    }
}

}  // namespace

ConfigOf configOf(const ModelFile& model)
{
    const Architecture& architecture = architectureOf(model.metadata);
    Keys keys(model.metadata, architecture.name);
    ConfigOf config;
    config.json = {{"architectures", {architecture.huggingFace}}, {"model_type", architecture.modelType}};
    refuseWhatIsNotRead(keys);
    describeSizes(keys, config.json);
    describeHeads(keys, architecture, config.json);
    describeTensors(model, config.json);
    describeEnds(model.metadata, config.json);
    describeRope(model, keys, config.json);
    if (architecture.describe != nullptr) {
        architecture.describe(keys, config.json);
    }
    keys.refuse("attention.sliding_window", "its window is not supported for this architecture");
    keys.refuse("attention.scale", "its scale of queries is not supported for this architecture");
    for (const std::string& name : keys.unknown()) {
        config.warnings.push_back(model.path + ": '" + name + "' in its metadata is not known and is passed over");
    }
    return config;
}

}  // namespace stet::files::gguf
