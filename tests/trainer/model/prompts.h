// Prompts of plain numbers for the goldens' models, and what a model says next.
#pragma once

#include "tests/support/device.h"
#include "tests/support/paths.h"
#include "trainer/model/generate.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <memory>
#include <string>
#include <vector>

namespace stet::test {

inline std::unique_ptr<model::Decoder> goldenDecoder(const std::string& name)
{
    return model::Decoder::load(files::openModelFolder(goldenDir() + "/transformers/" + name), compute());
}

inline std::vector<std::int64_t> promptOf(const model::Decoder& decoder, std::int64_t length, std::int64_t seed)
{
    std::vector<std::int64_t> ids;
    for (std::int64_t i = 0; i < length; ++i) {
        ids.push_back((seed * 31 + i * 17 + 3) % decoder.config().vocabSize);
    }
    return ids;
}

// Of different lengths, so that a batch is padded.
inline std::vector<model::GenerateItem> someItems(const model::Decoder& decoder)
{
    std::vector<model::GenerateItem> items;
    for (std::int64_t i = 0; i < 8; ++i) {
        items.push_back({"item " + std::to_string(i), promptOf(decoder, 3 + i * 5 % 11, i)});
    }
    return items;
}

// Log-probabilities of the next token by a forward without cache.
inline at::Tensor nextLogits(const model::Decoder& decoder, const std::vector<std::int64_t>& ids)
{
    const c10::InferenceMode inference;
    const at::Tensor hidden = decoder.hiddenStates(at::tensor(ids).unsqueeze(0).to(decoder.compute().device), {});
    return decoder.logits(hidden.select(1, -1))[0].to(c10::kCPU, c10::kDouble);
}

}  // namespace stet::test
