// How much memory a round takes at once, and whether there is room for it, before anything large is made: what would
// fail after an hour is refused at the start. It goes through the micro-batches that the round will make, by their
// sizes alone. Any thread.
#pragma once

#include "trainer/estimate/model_memory.h"
#include "trainer/estimate/work.h"
#include "trainer/model/device.h"

#include <cstdint>

namespace stet::round {

// Tokens of a micro-batch: what the settings say, else at most about half a second of work, from an estimate and never
// from a timing, so that a resumed round goes on as it began. On a GPU, where memory is scarcer than patience, halved
// until the round fits `free`, the bytes beside the weights; a checkpoint says how large they were.
std::int64_t microBatchTokens(const RoundSize& size, const model::Compute& compute, std::uint64_t free);

// What a group of examples holds in a step.
MicroBatch microBatchOf(const std::vector<const TrainingExample*>& group, const Objective& objective);

// Bytes of tensors beside the weights at the peak of the whole round: of every step, its anchors, and the pass before
// the first. Failure(ModelRefused): the adapter means nothing of this model.
std::uint64_t roundMemory(const RoundSize& size, const model::Compute& compute, std::int64_t microBatchTokens);

struct MemoryNeed {
    std::uint64_t weights = 0;  // 0: the model is loaded already
    std::uint64_t round = 0;    // beside them
};
// free: bytes a round may use; 0: what the device says. Failure(OutOfMemory) says how much is needed, how much is free
// and what to lower.
void refuseTooLittleMemory(const MemoryNeed& need, const c10::Device& device, std::uint64_t free);

}  // namespace stet::round
