// Adapters in the plain form that every program reads: one rank, lora_alpha = r, so that each change is B·A itself.
// llama.cpp and others know neither rank_pattern and alpha_pattern nor the scale of rank-stabilised LoRA. Compute
// thread.
#pragma once

#include "trainer/model/adapter.h"

#include <vector>

namespace stet::model {

// The same change: each scale folded into its B, smaller ranks filled up with zeros to the largest. Tensors that are in
// that form already are shared, not copied.
Adapter ofOneRank(const Adapter& adapter);

// Parents and the trained term as one adapter relative to the base, in the plain form: ranks concatenated.
// terms: at least one; names and dropout of the last are kept.
Adapter concatenate(const std::vector<const Adapter*>& terms);

}  // namespace stet::model
