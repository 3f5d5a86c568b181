#include "trainer/model/ops/dropout.h"

#include "base/sha256.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <vector>

namespace stet::model {

namespace {

constexpr std::int64_t kLow31 = (std::int64_t{1} << 31) - 1;
// Odd, below 2^31: a product with a number of 31 bits stays within 63.
constexpr std::int64_t kFirst = 0x7FEB352D;
constexpr std::int64_t kSecond = 0x46CA68B5;

std::int64_t number31(const std::string& text)
{
    return static_cast<std::int64_t>(leadingNumber(sha256(text)) & static_cast<std::uint64_t>(kLow31));
}

std::int64_t shifted(std::int64_t x, std::int64_t bits)
{
    return x >> bits;
}
at::Tensor shifted(const at::Tensor& x, std::int64_t bits)
{
    return at::bitwise_right_shift(x, bits);
}

// A number of 31 bits that looks like any other; tensors on a device and numbers here go the same way.
template <typename Number> Number mixed(const Number& x)
{
    const Number once = x * kFirst;
    const Number folded = (once ^ shifted(once, 29)) & kLow31;
    const Number twice = folded * kSecond;
    return (twice ^ shifted(twice, 32)) & kLow31;
}

std::int64_t widestInput(const Adapter& adapter)
{
    std::int64_t widest = 1;
    for (const auto& [module, pair] : adapter.modules) {
        widest = std::max(widest, pair.a.size(1));
    }
    return widest;
}

// [B, T]: a number of 31 bits for every token of the batch. Padding has none of its own: what is computed there isn't
// looked at.
at::Tensor tokenNumbers(const LoraDropout& dropout, const SequenceBatch& batch)
{
    const at::Tensor numbers = at::zeros(batch.ids().sizes(), at::kLong);
    for (std::size_t row = 0; row < dropout.rowKeys.size(); ++row) {
        const std::int64_t key = number31(std::to_string(dropout.bank->seed()) + ":" + std::to_string(dropout.step) +
                                          ":" + dropout.rowKeys[row]);
        const at::Tensor places = batch.sequence(numbers, row);
        auto* out = places.data_ptr<std::int64_t>();
        for (std::int64_t t = 0; t < places.size(0); ++t) {
            out[t] = mixed(key ^ mixed(t + 1));
        }
    }
    return numbers.to(batch.ids().device());
}

}  // namespace

DropoutBank::DropoutBank(const Adapter& adapter, double probability, std::uint64_t seed, c10::ScalarType dtype)
    : m_seed(seed)
{
    const double keep = 1 - probability;
    const auto generator = at::detail::createCPUGenerator(leadingNumber(sha256("dropout:" + std::to_string(seed))));
    m_numbers = at::empty({kStarts + widestInput(adapter)}, c10::kFloat)
                    .bernoulli_(keep, generator)
                    .div_(keep)
                    .to(adapter.modules.begin()->second.a.device(), dtype);
}

at::Tensor DropoutBank::masks(const at::Tensor& starts, std::int64_t width) const
{
    // A view in which each row is one number on from the one above.
    const at::Tensor pieces = m_numbers.as_strided({kStarts, width}, {1, 1});
    std::vector<std::int64_t> shape = starts.sizes().vec();
    shape.push_back(width);
    return pieces.index_select(0, starts.flatten()).view(shape);
}

DropoutMasks::DropoutMasks(const LoraDropout& dropout, const Adapter& adapter, const SequenceBatch& batch)
    : m_bank(*dropout.bank)
{
    std::vector<std::int64_t> modules;
    for (const auto& [module, pair] : adapter.modules) {
        modules.push_back(number31(module));
    }
    const at::Tensor tokens = tokenNumbers(dropout, batch);
    const at::Tensor ofModules = at::tensor(modules, at::kLong).to(tokens.device()).view({-1, 1, 1});
    const at::Tensor starts = mixed<at::Tensor>(tokens ^ ofModules) & (DropoutBank::kStarts - 1);
    std::int64_t row = 0;
    for (const auto& [module, pair] : adapter.modules) {
        m_starts[module] = starts[row++].flatten();
    }
}

at::Tensor DropoutMask::of(const at::Tensor& values) const
{
    return bank == nullptr ? values : values * bank->masks(starts, values.size(-1));
}

}  // namespace stet::model
