// Where the tokens of a forward stand: their positions in their own sequence, and which keys are there for them to see,
// with and without a cache. Made by the decoder once a forward, read by rotary and attention. Compute thread.
#pragma once

#include "trainer/model/batch/sequence_batch.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace stet::model {

// Keys and values of one batch of rows, for generation. The first call fills the columns of the (right-padded) prompts;
// later calls add columns shared by all rows. Padding columns of a row are masked, and positions count a row's real
// tokens only. Made empty by the caller with the rows' prompt lengths; filled by the decoder. Inference only.
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
    std::vector<std::int64_t> lengths;  // tokens of each sequence up to and with this call
    bool packed = false;                // all sequences in the one row, one after another; else one in each row
    at::Tensor slots;         // packed, where attention pads: [T] int64, of each token among rows padded to the longest
    at::Tensor keyPositions;  // not packed: [B or 1, columns] float32
    at::Tensor real;          // not packed: [B, columns] bool: no padding; undefined: nobody looks at any

    std::int64_t longest() const;
};
// Whether attention pads a packed batch to rows, on other devices than the CPU: a few launches then do for all
// sequences, and as long as that at most doubles the tokens. Else it goes through them one by one.
bool padsInAttention(const BatchShape& shape);

// With a cache that holds something, the lengths come from the cache.
Placement place(const SequenceBatch& batch, const KeyValueCache* cache);

// Bool, of what each new token sees; undefined where plain causal attention says it all. Packed: [1, 1, n, n] for the
// longest sequence, whose beginning holds for the others. Rows: [B or 1, 1, T, columns]. window: positions seen, the
// token's own included; 0: all.
at::Tensor attentionMask(const Placement& placement, std::int64_t window);

}  // namespace stet::model
