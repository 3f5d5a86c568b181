// Causal attention over a padded batch: who sees whom, with and without a cache, with and without a window, and the
// weighted sum itself. Compute thread.
#pragma once

#include "trainer/model/batch/sequence_batch.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace stet::model {

// Keys and values of one batch, for generation. The first call fills the columns of the (right-padded) prompts; later
// calls add columns shared by all rows. Padding columns of a row are masked, and positions count a row's real tokens
// only. Made empty by the caller with the rows' prompt lengths; filled by the decoder. Inference only.
struct KeyValueCache {
    std::vector<std::int64_t> promptLengths;  // real tokens of each row's prompt, one per row
    std::int64_t promptColumns = 0;           // columns filled by the first call
    std::int64_t columns = 0;                 // columns filled so far
    std::vector<at::Tensor> keys;             // per layer [B, kv_heads, capacity ≥ columns, head_dim]
    std::vector<at::Tensor> values;
};

// Where the T new tokens of a call stand.
struct Placement {
    at::Tensor positions;               // [B or 1, T] float32
    at::Tensor keyPositions;            // [B or 1, columns] float32
    at::Tensor real;                    // [B, columns] bool: no padding; undefined: nobody looks at any
    std::vector<std::int64_t> lengths;  // tokens of each row up to and with this call
};
// With a cache that holds something, the lengths come from the cache.
Placement place(const SequenceBatch& batch, const KeyValueCache* cache);

// [B or 1, 1, T, columns] bool of what each new token sees; undefined where plain causal attention says it all.
// window: positions seen, the token's own included; 0: all.
at::Tensor attentionMask(const Placement& placement, std::int64_t window);

// Appends [B, kv, T, D] to a cache tensor, growing it by doubling, and returns all columns.
at::Tensor append(at::Tensor& store, const at::Tensor& fresh, std::int64_t columns);

struct AttentionForm {
    double scale = 1;
    double cap = 0;  // scores become cap·tanh(score / cap) before the mask (Gemma 2); 0: none
};
// q: [B, heads, T, D]; k, v: [B, kv_heads, columns, D]; mask as above → [B, heads, T, D].
at::Tensor attend(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& mask,
                  const AttentionForm& form);

}  // namespace stet::model
