// Dropout masks out of counters. Which numbers of a token's row are dropped follows from (seed, step, row key, place in
// the row, module) alone: not from the batch or the padding around it, nor from the device, and a resumed round needs
// no generator's state. Numbers are drawn once, on the CPU, into a bank of zeros and 1/keep; a mask is the piece of the
// bank that begins where a hash of the counters says. So a mask costs one gather on the device, instead of a draw for
// each of its numbers and a copy. Pieces overlap now and then: two rows of a million then share part of a mask.
// Compute thread.
#pragma once

#include "trainer/model/adapter.h"
#include "trainer/model/batch/sequence_batch.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <string>

namespace stet::model {

class DropoutBank {
public:
    static constexpr std::int64_t kStarts = 1 << 20;

    // For the branches of an adapter. probability: of a number to be dropped, above 0 and below 1. dtype: the compute
    // dtype; the bank lies on the adapter's device.
    DropoutBank(const Adapter& adapter, double probability, std::uint64_t seed, c10::ScalarType dtype);

    // starts: int64, any shape, each below kStarts → [shape, width], 0 or 1/keep. width: inputs of a module at most.
    at::Tensor masks(const at::Tensor& starts, std::int64_t width) const;
    std::uint64_t seed() const { return m_seed; }

private:
    std::uint64_t m_seed;
    at::Tensor m_numbers;  // [kStarts + widest input]
};

// Of one module's input. Made where it is used, forwards and backwards alike, and held nowhere.
struct DropoutMask {
    const DropoutBank* bank = nullptr;  // null: nothing is dropped; borrowed for forward and backward
    at::Tensor starts = {};             // [tokens]

    // values: [tokens, width] → with the mask.
    at::Tensor of(const at::Tensor& values) const;
};

// The masks of one forward: where each begins, for all modules at once.
class DropoutMasks {
public:
    DropoutMasks(const LoraDropout& dropout, const Adapter& adapter, const SequenceBatch& batch);

    DropoutMask of(const std::string& module) const { return {&m_bank, m_starts.at(module)}; }

private:
    const DropoutBank& m_bank;
    std::map<std::string, at::Tensor> m_starts;  // by module, [tokens]
};

}  // namespace stet::model
