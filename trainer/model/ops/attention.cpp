#include "trainer/model/ops/attention.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <limits>

namespace stet::model {

namespace {

at::Tensor causalMask(const Placement& placement)
{
    return placement.keyPositions.unsqueeze(1) <= placement.positions.unsqueeze(2);
}

// CUDA has fused kernels for heads that share keys in bfloat16 without a mask alone. Elsewhere it would hold the scores
// of all pairs, in float32: more than a copy of the keys and values for every head.
bool needsKeysForEveryHead(const at::Tensor& q, const at::Tensor& k, const at::Tensor& mask)
{
    return q.size(1) != k.size(1) && !q.is_cpu() && (mask.defined() || q.scalar_type() == c10::kFloat);
}

// Capped scores have no fused kernel: the scores of all pairs are held, softmax in float32 as modeling_gemma2.py has
// it.
at::Tensor attendCapped(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& mask,
                        const AttentionForm& form)
{
    const std::int64_t groups = q.size(1) / k.size(1);
    const at::Tensor grouped = q.reshape({q.size(0), k.size(1), groups * q.size(2), q.size(3)});
    at::Tensor scores = at::matmul(grouped, k.transpose(2, 3)).view({q.size(0), q.size(1), q.size(2), k.size(2)});
    scores = (scores * form.scale / form.cap).tanh() * form.cap;
    scores = scores.masked_fill(mask.logical_not(), -std::numeric_limits<float>::infinity());
    const at::Tensor weights = at::softmax(scores, -1, c10::kFloat).to(q.scalar_type());
    return at::matmul(weights.view({q.size(0), k.size(1), groups * q.size(2), k.size(2)}), v).view(q.sizes());
}

}  // namespace

Placement place(const SequenceBatch& batch, const KeyValueCache* cache)
{
    const at::Tensor& ids = batch.ids();
    const std::int64_t length = ids.size(1);
    const auto floats = at::TensorOptions().dtype(c10::kFloat).device(ids.device());
    const at::Tensor offsets = at::arange(length, floats).unsqueeze(0);
    Placement placement;
    if (cache == nullptr || cache->columns == 0) {
        placement.positions = placement.keyPositions = offsets;
        placement.lengths = cache != nullptr ? cache->promptLengths : batch.lengths();
        return placement;
    }
    std::vector<float> starts;
    for (const auto promptLength : cache->promptLengths) {
        starts.push_back(static_cast<float>(promptLength + cache->columns - cache->promptColumns));
        placement.lengths.push_back(promptLength + cache->columns - cache->promptColumns + length);
    }
    placement.positions = at::tensor(starts).to(ids.device()).unsqueeze(1) + offsets;
    const at::Tensor columns = at::arange(cache->columns + length, floats);
    const at::Tensor prompts = at::tensor(cache->promptLengths).to(floats).unsqueeze(1);
    const at::Tensor generated = columns >= static_cast<double>(cache->promptColumns);
    placement.real = (columns < prompts).logical_or(generated);
    placement.keyPositions =
        at::where(generated, columns - static_cast<double>(cache->promptColumns) + prompts, columns.unsqueeze(0));
    return placement;
}

at::Tensor attentionMask(const Placement& placement, std::int64_t window)
{
    const bool fresh = !placement.real.defined();
    const auto longest = *std::max_element(placement.lengths.begin(), placement.lengths.end());
    const bool windowed = window > 0 && longest > window;
    if (fresh && !windowed) {
        return {};
    }
    at::Tensor mask = causalMask(placement);
    if (!fresh) {
        mask = mask.logical_and(placement.real.unsqueeze(1));
    }
    if (windowed) {
        mask = mask.logical_and(placement.keyPositions.unsqueeze(1) >
                                placement.positions.unsqueeze(2) - static_cast<double>(window));
    }
    return mask.unsqueeze(1);
}

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

at::Tensor attend(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& mask,
                  const AttentionForm& form)
{
    if (form.cap > 0) {
        const at::Tensor causal =
            mask.defined() ? mask : at::ones({q.size(2), k.size(2)}, q.options().dtype(c10::kBool)).tril();
        return attendCapped(q, k, v, causal, form);
    }
    const bool causal = !mask.defined();
    const bool copied = needsKeysForEveryHead(q, k, mask);
    const std::int64_t groups = q.size(1) / k.size(1);
    return at::scaled_dot_product_attention(
        q, copied ? k.repeat_interleave(groups, 1) : k, copied ? v.repeat_interleave(groups, 1) : v,
        causal ? std::nullopt : std::optional<at::Tensor>(mask), 0.0, causal, form.scale, groups > 1 && !copied);
}

}  // namespace stet::model
