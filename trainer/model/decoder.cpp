#include "trainer/model/decoder.h"

#include "base/failure.h"
#include "trainer/files/weight_layout.h"
#include "trainer/model/layers/decoder_layer.h"
#include "trainer/model/ops/elementwise.h"
#include "trainer/model/ops/head.h"
#include "trainer/model/weights/weight_source.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

namespace stet::model {

struct Decoder::Weights {
    Weights(const files::ModelConfig& settings, const Compute& where)
        : config(settings)
        , compute(where)
        , rotary(settings.rope, where.device, settings.rotateInFloat32 ? c10::kFloat : where.dtype)
        , slidingRotary(settings.slidingRope, where.device, settings.rotateInFloat32 ? c10::kFloat : where.dtype)
    {
    }

    at::Tensor embedded(const at::Tensor& ids) const
    {
        const at::Tensor x = at::embedding(embedding, ids);
        if (config.embeddingScale == 1) {
            return x;
        }
        return config.embeddingScaleRounded ? x * at::scalar_tensor(config.embeddingScale, x.options())
                                            : x * config.embeddingScale;
    }

    HeadForm headForm() const { return {config.logitDivisor, config.logitCap}; }

    files::ModelConfig config;
    Compute compute;
    Rotary rotary;
    Rotary slidingRotary;
    std::map<std::string, at::Tensor> all;
    at::Tensor embedding;  // [V, H]
    at::Tensor head;       // [V, H]; the embedding when tied
    at::Tensor norm;       // [H]
    std::vector<DecoderLayer> layers;
};

Decoder::Decoder(const files::ModelConfig& config, const Compute& compute, const MakeTensor& make)
    : m_weights(std::make_unique<Weights>(config, compute))
{
    useThreads(compute);
    Weights& w = *m_weights;
    for (const auto& [name, shape] : files::weightLayout(config)) {
        w.all[name] = make(name, shape);
    }
    w.embedding = w.all.at("model.embed_tokens.weight");
    w.head = config.tiedEmbeddings ? w.embedding : w.all.at("lm_head.weight");
    w.norm = w.all.at("model.norm.weight");
    for (std::int64_t layer = 0; layer < config.layers; ++layer) {
        w.layers.emplace_back(w.config, layer, w.all);
    }
}

Decoder::~Decoder() = default;

std::unique_ptr<Decoder> Decoder::load(const files::ModelFolder& folder, const Compute& compute,
                                       const std::function<void(double)>& progress)
{
    refuseTooLargeWeights(weightsMemory(folder.config, compute.dtype), freeMemory(compute.device));
    const auto source = openWeights(folder);
    std::uint64_t done = 0;
    const auto total = static_cast<double>(std::max<std::uint64_t>(source->bytes(), 1));
    const auto read = [&](const std::string& name, const std::vector<std::int64_t>& /*shape*/) {
        const at::Tensor tensor = source->read(name, compute.dtype).to(compute.device);
        done += source->tensors().at(name).bytes;
        if (progress) {
            progress(static_cast<double>(done) / total);
        }
        return tensor;
    };
    return std::unique_ptr<Decoder>(new Decoder(folder.config, compute, read));
}

std::unique_ptr<Decoder> Decoder::create(const files::ModelConfig& config, const Compute& compute, std::uint64_t seed)
{
    auto generator = at::detail::createCPUGenerator(seed);
    const auto fresh = [&](const std::string& name, const std::vector<std::int64_t>& shape) {
        at::Tensor tensor;
        if (name.ends_with("norm.weight")) {
            tensor = at::full(shape, config.normWeightPlusOne ? 0.0 : 1.0);
        } else if (name.ends_with(".bias")) {
            tensor = at::zeros(shape);
        } else {
            tensor = at::empty(shape).normal_(0, 0.02, generator);
        }
        return tensor.to(compute.device, compute.dtype);
    };
    return std::unique_ptr<Decoder>(new Decoder(config, compute, fresh));
}

at::Tensor Decoder::hiddenStates(const SequenceBatch& batch, const Adapters& adapters, KeyValueCache* cache,
                                 const CancelCheck& cancelled) const
{
    const auto& w = *m_weights;
    useThreads(w.compute);
    const LoraBranches lora(adapters, batch);
    const Placement placement = place(batch, cache);
    const Rotation rotation = w.rotary.at(placement);
    const at::Tensor mask = attentionMask(placement, 0);
    // Only models with windows need the second pair.
    const bool windows = w.config.window > 0;
    const Rotation slidingRotation = windows ? w.slidingRotary.at(placement) : rotation;
    const at::Tensor slidingMask = windows ? attentionMask(placement, w.config.window) : mask;
    if (cache != nullptr && cache->keys.empty()) {
        cache->keys.resize(w.layers.size());
        cache->values.resize(w.layers.size());
    }
    at::Tensor x = w.embedded(batch.ids());
    for (std::size_t i = 0; i < w.layers.size(); ++i) {
        if (cancelled && cancelled()) {
            throw Cancelled();
        }
        const bool sliding = w.layers[i].sliding();
        x = w.layers[i].forward(
            x, {lora, placement, sliding ? slidingRotation : rotation, sliding ? slidingMask : mask, cache, i});
    }
    if (cache != nullptr) {
        cache->promptColumns = cache->columns == 0 ? batch.ids().size(1) : cache->promptColumns;
        cache->columns += batch.ids().size(1);
    }
    return rmsNorm(x, w.norm, w.config);
}

at::Tensor Decoder::logits(const at::Tensor& hidden) const
{
    return headLogits(hidden, m_weights->head, m_weights->headForm());
}

at::Tensor Decoder::logProbs(const at::Tensor& hidden, const at::Tensor& targets) const
{
    return targetLogProbs(hidden, m_weights->head, targets, m_weights->headForm());
}

bool Decoder::outgrowsCache(std::int64_t before, std::int64_t after) const
{
    return m_weights->rotary.outgrows(before, after) || m_weights->slidingRotary.outgrows(before, after);
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
    return files::parameterCount(m_weights->config);
}

const std::map<std::string, at::Tensor>& Decoder::weights() const
{
    return m_weights->all;
}

}  // namespace stet::model
