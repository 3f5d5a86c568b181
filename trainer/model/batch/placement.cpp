#include "trainer/model/batch/placement.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace stet::model {

namespace {

at::TensorOptions floats(const at::Tensor& ids)
{
    return at::TensorOptions().dtype(c10::kFloat).device(ids.device());
}

Placement placePacked(const SequenceBatch& batch)
{
    Placement placement;
    placement.packed = true;
    placement.lengths = batch.lengths();
    const auto device = batch.ids().device();
    const std::int64_t columns = placement.longest();
    const BatchShape shape{static_cast<std::int64_t>(placement.lengths.size()), batch.ids().size(1), columns, 0};
    const bool padded = !device.is_cpu() && padsInAttention(shape);
    std::vector<float> positions;
    std::vector<std::int64_t> slots;
    for (std::size_t i = 0; i < placement.lengths.size(); ++i) {
        for (std::int64_t place = 0; place < placement.lengths[i]; ++place) {
            positions.push_back(static_cast<float>(place));
            if (padded) {
                slots.push_back(static_cast<std::int64_t>(i) * columns + place);
            }
        }
    }
    placement.positions = at::tensor(positions).unsqueeze(0).to(device);
    if (padded) {
        placement.slots = at::tensor(slots, at::kLong).to(device);
    }
    return placement;
}

Placement placeAfter(const SequenceBatch& batch, const KeyValueCache& cache)
{
    const at::Tensor& ids = batch.ids();
    const std::int64_t fresh = ids.size(1);
    Placement placement;
    std::vector<float> starts;
    for (const auto promptLength : cache.promptLengths) {
        const std::int64_t before = promptLength + cache.columns - cache.promptColumns;
        starts.push_back(static_cast<float>(before));
        placement.lengths.push_back(before + fresh);
    }
    placement.positions =
        at::tensor(starts).to(ids.device()).unsqueeze(1) + at::arange(fresh, floats(ids)).unsqueeze(0);
    const at::Tensor columns = at::arange(cache.columns + fresh, floats(ids));
    const at::Tensor prompts = at::tensor(cache.promptLengths).to(floats(ids)).unsqueeze(1);
    const at::Tensor generated = columns >= static_cast<double>(cache.promptColumns);
    placement.real = (columns < prompts).logical_or(generated);
    placement.keyPositions =
        at::where(generated, columns - static_cast<double>(cache.promptColumns) + prompts, columns.unsqueeze(0));
    return placement;
}

}  // namespace

bool padsInAttention(const BatchShape& shape)
{
    return shape.sequences > 1 && shape.sequences * shape.longest <= 2 * shape.tokens;
}

std::int64_t Placement::longest() const
{
    return lengths.empty() ? 0 : *std::max_element(lengths.begin(), lengths.end());
}

Placement place(const SequenceBatch& batch, const KeyValueCache* cache)
{
    if (cache != nullptr && cache->columns > 0) {
        return placeAfter(batch, *cache);
    }
    if (batch.packed()) {
        return placePacked(batch);
    }
    Placement placement;
    placement.positions = placement.keyPositions = at::arange(batch.ids().size(1), floats(batch.ids())).unsqueeze(0);
    placement.lengths = cache != nullptr ? cache->promptLengths : batch.lengths();
    return placement;
}

at::Tensor attentionMask(const Placement& placement, std::int64_t window)
{
    const bool fresh = !placement.real.defined();
    const bool windowed = window > 0 && placement.longest() > window;
    if (fresh && !windowed) {
        return {};
    }
    const at::Tensor positions = placement.packed
        ? at::arange(placement.longest(), placement.positions.options()).unsqueeze(0)
        : placement.positions;
    const at::Tensor& keys = placement.packed ? positions : placement.keyPositions;
    at::Tensor mask = keys.unsqueeze(1) <= positions.unsqueeze(2);
    if (!fresh) {
        mask = mask.logical_and(placement.real.unsqueeze(1));
    }
    if (windowed) {
        mask = mask.logical_and(keys.unsqueeze(1) > positions.unsqueeze(2) - static_cast<double>(window));
    }
    return mask.unsqueeze(1);
}

}  // namespace stet::model
