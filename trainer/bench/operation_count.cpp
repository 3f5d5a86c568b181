#include "trainer/bench/operation_count.h"

#include <ATen/record_function.h>

#include <array>
#include <mutex>
#include <string_view>
#include <vector>

namespace stet::bench {

namespace {

constexpr const char* kHostRead = "aten::_local_scalar_dense";

// What only says where numbers lie, or makes room for some; and what calls others, where none of them computed.
bool movesNothing(std::string_view name)
{
    static constexpr std::array<std::string_view, 49> kNames = {"aten::view",
                                                                "aten::as_strided",
                                                                "aten::transpose",
                                                                "aten::t",
                                                                "aten::narrow",
                                                                "aten::slice",
                                                                "aten::select",
                                                                "aten::unsqueeze",
                                                                "aten::squeeze",
                                                                "aten::expand",
                                                                "aten::expand_as",
                                                                "aten::permute",
                                                                "aten::reshape",
                                                                "aten::flatten",
                                                                "aten::split",
                                                                "aten::split_with_sizes",
                                                                "aten::chunk",
                                                                "aten::detach",
                                                                "aten::detach_",
                                                                "aten::alias",
                                                                "aten::unbind",
                                                                "aten::unflatten",
                                                                "aten::view_as",
                                                                "aten::_unsafe_view",
                                                                "aten::empty",
                                                                "aten::empty_like",
                                                                "aten::empty_strided",
                                                                "aten::new_empty",
                                                                "aten::new_empty_strided",
                                                                "aten::resize_",
                                                                "aten::resolve_conj",
                                                                "aten::resolve_neg",
                                                                "aten::to",
                                                                "aten::contiguous",
                                                                "aten::result_type",
                                                                "aten::is_nonzero",
                                                                "aten::item",
                                                                "aten::set_",
                                                                "aten::lift_fresh",
                                                                "aten::_reshape_alias",
                                                                "aten::numpy_T",
                                                                "aten::mT",
                                                                "aten::matrix_H",
                                                                "aten::requires_grad_",
                                                                "aten::size",
                                                                "aten::stride",
                                                                "aten::is_floating_point",
                                                                "aten::conj",
                                                                "aten::scalar_tensor"};
    for (const auto known : kNames) {
        if (name == known) {
            return true;
        }
    }
    return false;
}

std::mutex counting;  // one at a time
std::mutex guard;     // of the next: backward may run on another thread
std::map<std::string, std::int64_t>* found = nullptr;

struct Call : at::ObserverContext {
    bool computed = false;  // by operations that it called
};
thread_local std::vector<Call*> open;

std::unique_ptr<at::ObserverContext> begin(const at::RecordFunction& /*function*/)
{
    auto call = std::make_unique<Call>();
    open.push_back(call.get());
    return call;
}

void end(const at::RecordFunction& function, at::ObserverContext* context)
{
    const auto* call = static_cast<Call*>(context);
    open.pop_back();
    const bool computes = !call->computed && !movesNothing(function.name());
    if (computes) {
        const std::lock_guard lock(guard);
        ++(*found)[function.name()];
    }
    if (!open.empty()) {
        open.back()->computed = open.back()->computed || computes || call->computed;
    }
}

}  // namespace

std::int64_t OperationCount::total() const
{
    std::int64_t sum = 0;
    for (const auto& [name, count] : byName) {
        sum += count;
    }
    return sum;
}

std::int64_t OperationCount::hostReads() const
{
    const auto it = byName.find(kHostRead);
    return it == byName.end() ? 0 : it->second;
}

OperationCount countOperations(const std::function<void()>& work)
{
    const std::lock_guard one(counting);
    OperationCount count;
    found = &count.byName;
    const auto handle = at::addGlobalCallback(
        at::RecordFunctionCallback(begin, end).scopes({at::RecordScope::FUNCTION}).needsInputs(false));
    work();
    at::removeCallback(handle);
    return count;
}

}  // namespace stet::bench
