#include "trainer/bench/operation_count.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/record_function.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <string_view>

namespace stet::bench {

namespace {

constexpr const char* kHostRead = "aten::_local_scalar_dense";

// What only says where numbers lie, or makes room for some.
bool movesNothing(std::string_view name)
{
    static constexpr std::array<std::string_view, 26> kNames = {
        "aten::view",           "aten::as_strided",
        "aten::transpose",      "aten::t",
        "aten::slice",          "aten::select",
        "aten::unsqueeze",      "aten::squeeze",
        "aten::expand",         "aten::permute",
        "aten::split",          "aten::detach",
        "aten::detach_",        "aten::alias",
        "aten::unbind",         "aten::empty",
        "aten::empty_like",     "aten::resize_",
        "aten::set_",           "aten::empty_strided",
        "aten::new_empty",      "aten::lift_fresh",
        "aten::unfold",         "aten::new_empty_strided",
        "aten::_reshape_alias", "detach"};  // autograd's own, around ATen's
    return std::find(kNames.begin(), kNames.end(), name) != kNames.end() || name == "aten::_unsafe_view" ||
        name == "aten::split_with_sizes";
}

// Composites are nothing by themselves: what they call is counted.
bool composite(const at::RecordFunction& function)
{
    const auto name = function.operator_name();
    const auto found = name ? c10::Dispatcher::singleton().findOp(*name) : std::nullopt;
    return found && found->hasKernelForDispatchKey(c10::DispatchKey::CompositeImplicitAutograd);
}

std::mutex counting;  // one at a time
std::mutex guard;     // of the next: backward may run on another thread
std::map<std::string, std::int64_t>* found = nullptr;

thread_local int within = 0;  // calls that are counted already: what they call is part of them

std::unique_ptr<at::ObserverContext> begin(const at::RecordFunction& function)
{
    bool counted = within > 0;
    if (within == 0 && !movesNothing(function.name()) && !composite(function)) {
        const std::lock_guard lock(guard);
        ++(*found)[function.name()];
        counted = true;
    }
    within += counted ? 1 : 0;
    return nullptr;
}

void end(const at::RecordFunction& /*function*/, at::ObserverContext* /*context*/)
{
    within -= within > 0 ? 1 : 0;
}

// Ends also where the work throws.
struct Recording {
    Recording()
        : handle(at::addGlobalCallback(
              at::RecordFunctionCallback(begin, end).scopes({at::RecordScope::FUNCTION}).needsInputs(false)))
    {
    }
    ~Recording() { at::removeCallback(handle); }
    Recording(const Recording&) = delete;
    Recording& operator=(const Recording&) = delete;

    at::CallbackHandle handle;
};

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
    const Recording recording;
    work();
    return count;
}

}  // namespace stet::bench
