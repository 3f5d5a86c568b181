#include "trainer/model/decoder.h"

#include "base/failure.h"
#include "trainer/model/lora_branch.h"
#include "trainer/model/tensor_io.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <cmath>
#include <limits>

namespace stet::model {

namespace {

struct Linear {
    std::string name;   // "model.layers.0.mlp.gate_proj"
    at::Tensor weight;  // [out, in]
    at::Tensor bias;    // [out] or undefined
};

struct Rotation {
    at::Tensor cos;  // [B or 1, 1, T, head_dim], compute dtype
    at::Tensor sin;
};

// x: [B, T, H] → same; the mean square is taken in float32 as in modeling_llama.py.
at::Tensor rmsNorm(const at::Tensor& x, const at::Tensor& weight, double eps)
{
    const at::Tensor wide = x.to(c10::kFloat);
    const at::Tensor scale = at::rsqrt(wide.square().mean(-1, true) + eps);
    return weight * (wide * scale).to(x.scalar_type());
}

// x: [B, heads, T, D]; the two halves of D are the coordinates that rotate.
at::Tensor rotate(const at::Tensor& x, const Rotation& rotation)
{
    const auto halves = x.chunk(2, -1);
    return x * rotation.cos + at::cat({-halves[1], halves[0]}, -1) * rotation.sin;
}

at::Tensor apply(const Linear& linear, const at::Tensor& x, const LoraBranch& lora)
{
    return lora.addTo(at::linear(x, linear.weight, linear.bias), linear.name, x);
}

std::string layerName(std::int64_t index)
{
    return "model.layers." + std::to_string(index) + ".";
}

std::uint64_t gibibyteTenths(std::uint64_t bytes)
{
    return bytes * 10 >> 30U;
}

std::string inGigabytes(std::uint64_t bytes)
{
    const auto tenths = gibibyteTenths(bytes);
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " GiB";
}

}  // namespace

struct Decoder::Layer {
    at::Tensor inputNorm;
    at::Tensor postNorm;
    Linear q, k, v, o, gate, up, down;

    std::vector<Linear*> linears() { return {&q, &k, &v, &o, &gate, &up, &down}; }
};

struct Decoder::Weights {
    files::ModelConfig config;
    Compute compute;
    at::Tensor embedding;         // [V, H]
    at::Tensor head;              // [V, H]; the embedding when tied
    at::Tensor norm;              // [H]
    at::Tensor inverseFrequency;  // [head_dim / 2] float32
    std::vector<Layer> layers;

    // Calls visit(name, shape, tensor) for every weight, in one order for loading, creating and listing.
    template <typename Visit> void forEach(const Visit& visit)
    {
        const auto& c = config;
        visit("model.embed_tokens.weight", std::vector<std::int64_t>{c.vocabSize, c.hiddenSize}, embedding);
        for (std::size_t i = 0; i < layers.size(); ++i) {
            const std::string name = layerName(static_cast<std::int64_t>(i));
            Layer& layer = layers[i];
            visit(name + "input_layernorm.weight", std::vector<std::int64_t>{c.hiddenSize}, layer.inputNorm);
            visit(name + "post_attention_layernorm.weight", std::vector<std::int64_t>{c.hiddenSize}, layer.postNorm);
            for (Linear* linear : layer.linears()) {
                const auto [in, out] = sizesOf(linear->name);
                visit(linear->name + ".weight", std::vector<std::int64_t>{out, in}, linear->weight);
                const bool mlp = linear->name.find(".mlp.") != std::string::npos;
                if (mlp ? c.mlpBias : c.attentionBias) {
                    visit(linear->name + ".bias", std::vector<std::int64_t>{out}, linear->bias);
                }
            }
        }
        visit("model.norm.weight", std::vector<std::int64_t>{c.hiddenSize}, norm);
        if (!c.tiedEmbeddings) {
            visit("lm_head.weight", std::vector<std::int64_t>{c.vocabSize, c.hiddenSize}, head);
        }
    }

    // {in, out} of a linear module.
    std::pair<std::int64_t, std::int64_t> sizesOf(const std::string& name) const
    {
        const auto& c = config;
        const std::int64_t queries = c.heads * c.headDim;
        const std::int64_t pairs = c.kvHeads * c.headDim;
        if (name.ends_with("q_proj")) {
            return {c.hiddenSize, queries};
        }
        if (name.ends_with("k_proj") || name.ends_with("v_proj")) {
            return {c.hiddenSize, pairs};
        }
        if (name.ends_with("o_proj")) {
            return {queries, c.hiddenSize};
        }
        if (name.ends_with("down_proj")) {
            return {c.intermediateSize, c.hiddenSize};
        }
        return {c.hiddenSize, c.intermediateSize};
    }

    // positions: [T] or [B, T] float32 on the device.
    Rotation rotationAt(const at::Tensor& positions) const
    {
        const at::Tensor angles = positions.unsqueeze(-1) * inverseFrequency;
        at::Tensor both = at::cat({angles, angles}, -1);
        both = both.dim() == 2 ? both.unsqueeze(0).unsqueeze(0) : both.unsqueeze(1);
        return {both.cos().to(compute.dtype), both.sin().to(compute.dtype)};
    }
};

namespace {

// Where the T new tokens of a call stand, and what they may look at.
struct Placement {
    at::Tensor positions;  // [T] or [B, T] float32
    at::Tensor mask;       // [B, 1, T, columns] bool, or undefined: plain causal
};

Placement place(const at::Tensor& ids, const KeyValueCache* cache)
{
    const std::int64_t rows = ids.size(0);
    const std::int64_t length = ids.size(1);
    const auto floats = at::TensorOptions().dtype(c10::kFloat).device(ids.device());
    const at::Tensor offsets = at::arange(length, floats);
    if (cache == nullptr || cache->columns == 0) {
        return {offsets, {}};
    }
    std::vector<float> starts;
    for (const auto promptLength : cache->promptLengths) {
        starts.push_back(static_cast<float>(promptLength + cache->columns - cache->promptColumns));
    }
    const at::Tensor firstPositions = at::tensor(starts).to(ids.device()).unsqueeze(1);
    const at::Tensor columns = at::arange(cache->columns + length, floats);
    const at::Tensor lengths = at::tensor(cache->promptLengths).to(floats).unsqueeze(1);
    const at::Tensor real = (columns < lengths).logical_or(columns >= static_cast<double>(cache->promptColumns));
    const at::Tensor notLater = columns.unsqueeze(0) <= (offsets + static_cast<double>(cache->columns)).unsqueeze(1);
    return {firstPositions + offsets, real.view({rows, 1, 1, -1}).logical_and(notLater.view({1, 1, length, -1}))};
}

// Appends [B, kv, T, D] to a cache tensor, growing it by doubling.
at::Tensor append(at::Tensor& store, const at::Tensor& fresh, std::int64_t columns)
{
    const std::int64_t needed = columns + fresh.size(2);
    if (!store.defined() || store.size(2) < needed) {
        auto sizes = fresh.sizes().vec();
        sizes[2] = std::max<std::int64_t>(64, 2 * needed);
        at::Tensor grown = at::empty(sizes, fresh.options());
        if (store.defined()) {
            grown.narrow(2, 0, columns).copy_(store.narrow(2, 0, columns));
        }
        store = grown;
    }
    store.narrow(2, columns, fresh.size(2)).copy_(fresh);
    return store.narrow(2, 0, needed);
}

}  // namespace

Decoder::Decoder(std::unique_ptr<Weights> weights) : m_weights(std::move(weights)) { }

Decoder::~Decoder() = default;

std::unique_ptr<Decoder::Weights> Decoder::shell(const files::ModelConfig& config, const Compute& compute)
{
    auto weights = std::make_unique<Weights>();
    weights->config = config;
    weights->compute = compute;
    weights->layers.resize(static_cast<std::size_t>(config.layers));
    for (std::int64_t i = 0; i < config.layers; ++i) {
        Layer& layer = weights->layers[static_cast<std::size_t>(i)];
        const std::string name = layerName(i);
        layer.q.name = name + "self_attn.q_proj";
        layer.k.name = name + "self_attn.k_proj";
        layer.v.name = name + "self_attn.v_proj";
        layer.o.name = name + "self_attn.o_proj";
        layer.gate.name = name + "mlp.gate_proj";
        layer.up.name = name + "mlp.up_proj";
        layer.down.name = name + "mlp.down_proj";
    }
    // float32 as in Transformers, so that the angles are the same numbers.
    const at::Tensor exponents =
        at::arange(0, config.headDim, 2, at::TensorOptions().dtype(c10::kFloat)) / static_cast<double>(config.headDim);
    weights->inverseFrequency = (1.0 / at::pow(config.ropeTheta, exponents)).to(compute.device);
    return weights;
}

std::unique_ptr<Decoder> Decoder::load(const files::ModelFolder& folder, const Compute& compute,
                                       const std::function<void(double)>& progress)
{
    const auto needed = estimateMemory(folder.config, compute.dtype).weights;
    const auto available = freeMemory(compute.device);
    if (needed > available) {
        throw Failure(FailureKind::OutOfMemory,
                      "The model needs " + inGigabytes(needed) + " for its weights alone, " + inGigabytes(available) +
                          " are free on this device; close other " + "programs or use a smaller model or dtype");
    }
    auto weights = shell(folder.config, compute);
    std::uint64_t done = 0;
    weights->forEach([&](const std::string& name, const std::vector<std::int64_t>&, at::Tensor& tensor) {
        const auto& entry = folder.tensors.at(name);
        tensor = readTensor(folder.weightFiles[entry.file], entry, compute.dtype, compute.device);
        done += entry.bytes;
        if (progress) {
            progress(static_cast<double>(done) / static_cast<double>(std::max<std::uint64_t>(folder.weightBytes, 1)));
        }
    });
    if (folder.config.tiedEmbeddings) {
        weights->head = weights->embedding;
    }
    return std::unique_ptr<Decoder>(new Decoder(std::move(weights)));
}

std::unique_ptr<Decoder> Decoder::create(const files::ModelConfig& config, const Compute& compute, std::uint64_t seed)
{
    auto weights = shell(config, compute);
    auto generator = at::detail::createCPUGenerator(seed);
    weights->forEach([&](const std::string& name, const std::vector<std::int64_t>& shape, at::Tensor& tensor) {
        if (name.ends_with("norm.weight")) {
            tensor = at::ones(shape);
        } else if (name.ends_with(".bias")) {
            tensor = at::zeros(shape);
        } else {
            tensor = at::empty(shape).normal_(0, 0.02, generator);
        }
        tensor = tensor.to(compute.device, compute.dtype);
    });
    if (config.tiedEmbeddings) {
        weights->head = weights->embedding;
    }
    return std::unique_ptr<Decoder>(new Decoder(std::move(weights)));
}

at::Tensor Decoder::hiddenStates(const at::Tensor& ids, const Adapters& adapters, KeyValueCache* cache,
                                 const CancelCheck& cancelled) const
{
    const auto& w = *m_weights;
    const auto& c = w.config;
    const std::int64_t rows = ids.size(0);
    const std::int64_t length = ids.size(1);
    const LoraBranch lora(adapters, ids.device());
    const Placement placement = place(ids, cache);
    const Rotation rotation = w.rotationAt(placement.positions);
    if (cache != nullptr && cache->keys.empty()) {
        cache->keys.resize(w.layers.size());
        cache->values.resize(w.layers.size());
    }
    const auto heads = [&](const at::Tensor& x, std::int64_t count) {
        return x.view({rows, length, count, c.headDim}).transpose(1, 2);
    };

    at::Tensor x = at::embedding(w.embedding, ids);
    for (std::size_t i = 0; i < w.layers.size(); ++i) {
        if (cancelled && cancelled()) {
            throw Cancelled();
        }
        const Layer& layer = w.layers[i];
        const at::Tensor normed = rmsNorm(x, layer.inputNorm, c.rmsNormEps);
        const at::Tensor q = rotate(heads(apply(layer.q, normed, lora), c.heads), rotation);
        at::Tensor k = rotate(heads(apply(layer.k, normed, lora), c.kvHeads), rotation);
        at::Tensor v = heads(apply(layer.v, normed, lora), c.kvHeads);
        if (cache != nullptr) {
            k = append(cache->keys[i], k, cache->columns);
            v = append(cache->values[i], v, cache->columns);
        }
        const bool causal = !placement.mask.defined();
        const at::Tensor attended =
            at::scaled_dot_product_attention(q, k, v, causal ? std::nullopt : std::optional<at::Tensor>(placement.mask),
                                             0.0, causal, std::nullopt, c.heads != c.kvHeads);
        x = x + apply(layer.o, attended.transpose(1, 2).reshape({rows, length, c.heads * c.headDim}), lora);

        const at::Tensor inner = rmsNorm(x, layer.postNorm, c.rmsNormEps);
        const at::Tensor gated = at::silu(apply(layer.gate, inner, lora)) * apply(layer.up, inner, lora);
        x = x + apply(layer.down, gated, lora);
    }
    if (cache != nullptr) {
        if (cache->columns == 0) {
            cache->promptColumns = length;
        }
        cache->columns += length;
    }
    return rmsNorm(x, w.norm, c.rmsNormEps);
}

at::Tensor Decoder::logits(const at::Tensor& hidden) const
{
    return at::linear(hidden, m_weights->head).to(c10::kFloat);
}

const files::ModelConfig& Decoder::config() const
{
    return m_weights->config;
}

const Compute& Decoder::compute() const
{
    return m_weights->compute;
}

std::int64_t Decoder::parameterCount() const
{
    return model::parameterCount(m_weights->config);
}

std::map<std::string, at::Tensor> Decoder::weights() const
{
    std::map<std::string, at::Tensor> all;
    m_weights->forEach(
        [&](const std::string& name, const std::vector<std::int64_t>&, at::Tensor& tensor) { all[name] = tensor; });
    return all;
}

std::map<std::string, std::pair<std::int64_t, std::int64_t>> Decoder::linearModules() const
{
    std::map<std::string, std::pair<std::int64_t, std::int64_t>> modules;
    for (Layer& layer : m_weights->layers) {
        for (const Linear* linear : layer.linears()) {
            modules[linear->name] = m_weights->sizesOf(linear->name);
        }
    }
    return modules;
}

}  // namespace stet::model
