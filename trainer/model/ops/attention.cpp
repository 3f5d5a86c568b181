#include "trainer/model/ops/attention.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <limits>
#include <vector>

namespace stet::model {

namespace {

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

// [B, heads, T, D] → [B, T, heads·D].
at::Tensor merged(const at::Tensor& heads)
{
    return heads.transpose(1, 2).reshape({heads.size(0), heads.size(2), heads.size(1) * heads.size(3)});
}

// Rows: q [B, T, heads, D] and k, v [B, columns, kv_heads, D] → [B, T, heads·D].
at::Tensor attendRows(const at::Tensor& queries, const at::Tensor& keys, const at::Tensor& values,
                      const at::Tensor& mask, const AttentionForm& form)
{
    const at::Tensor q = queries.transpose(1, 2);
    const at::Tensor k = keys.transpose(1, 2);
    const at::Tensor v = values.transpose(1, 2);
    if (form.cap > 0) {
        const at::Tensor causal =
            mask.defined() ? mask : at::ones({q.size(2), k.size(2)}, q.options().dtype(c10::kBool)).tril();
        return merged(attendCapped(q, k, v, causal, form));
    }
    const bool causal = !mask.defined();
    const bool copied = needsKeysForEveryHead(q, k, mask);
    const std::int64_t groups = q.size(1) / k.size(1);
    return merged(at::scaled_dot_product_attention(
        q, copied ? k.repeat_interleave(groups, 1) : k, copied ? v.repeat_interleave(groups, 1) : v,
        causal ? std::nullopt : std::optional<at::Tensor>(mask), 0.0, causal, form.scale, groups > 1 && !copied));
}

// One sequence after another: the CPU has no launches to save, and computes nothing for padding.
at::Tensor attendEach(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& mask,
                      const Placement& placement, const AttentionForm& form)
{
    const auto queries = q.split_with_sizes(placement.lengths, 1);
    const auto keys = k.split_with_sizes(placement.lengths, 1);
    const auto values = v.split_with_sizes(placement.lengths, 1);
    std::vector<at::Tensor> parts;
    for (std::size_t i = 0; i < queries.size(); ++i) {
        const std::int64_t length = placement.lengths[i];
        const at::Tensor own = mask.defined() ? mask.narrow(2, 0, length).narrow(3, 0, length) : mask;
        parts.push_back(attendRows(queries[i], keys[i], values[i], own, form));
    }
    return at::cat(parts, 1);
}

// All sequences at once, as rows padded to the longest for attention alone: a few launches, however many they are.
at::Tensor attendPadded(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& mask,
                        const Placement& placement, const AttentionForm& form)
{
    const auto rows = static_cast<std::int64_t>(placement.lengths.size());
    const std::int64_t columns = placement.longest();
    const auto padded = [&](const at::Tensor& packed) {
        const at::Tensor flat = packed.squeeze(0);  // [T, heads, D]
        return at::zeros({rows * columns, flat.size(1), flat.size(2)}, flat.options())
            .index_copy(0, placement.slots, flat)
            .view({rows, columns, flat.size(1), flat.size(2)});
    };
    const at::Tensor attended = attendRows(padded(q), padded(k), padded(v), mask, form);
    return attended.flatten(0, 1).index_select(0, placement.slots).unsqueeze(0);
}

}  // namespace

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
                  const Placement& placement, const AttentionForm& form)
{
    if (!placement.packed || placement.lengths.size() == 1) {
        return attendRows(q, k, v, mask, form);
    }
    return placement.slots.defined() ? attendPadded(q, k, v, mask, placement, form)
                                     : attendEach(q, k, v, mask, placement, form);
}

}  // namespace stet::model
