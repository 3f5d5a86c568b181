#include "trainer/serve/param_warner.h"

#include "base/log.h"

#include <map>

namespace stet::serve {

namespace {

namespace method = contract::method;
using Names = std::vector<std::string_view>;

Names joined(Names first, const Names& second)
{
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

const Names kCompute = {"device", "dtype", "threads"};
const Names kExample = {"id",      "instruction", "input",    "output",   "judgment",     "marks",
                        "stopped", "set",         "messages", "revision", "demonstration"};
const Names kScoring = {"contexts", "contrast", "lambda", "top", "max_length", "other_judgments"};
const Names kSampling = {"max_new_tokens", "temperature", "top_p", "batch", "seed"};

const std::map<std::string, Names>& knownParams()
{
    static const std::map<std::string, Names> known = {
        {method::kHello, {"protocol"}},
        {method::kShutdown, {}},
        {method::kDescribe, joined({"model"}, kCompute)},
        {method::kLoad, joined({"model", "prompt_style"}, kCompute)},
        {method::kScore, joined(joined({"adapter"}, kExample), kScoring)},
        {method::kGenerate, joined({"items", "adapter", "stream"}, kSampling)},
        {method::kPreview, {"dir"}},
        {method::kFlags, {"dir"}},
        {method::kRoundStart, {"dir", "restart"}},
        {method::kRoundStop, {"dir", "how"}},
        {method::kRoundSave, {"dir"}},
        {method::kCompare, joined(joined({"in", "out", "before", "after"}, kSampling), kScoring)}};
    return known;
}

}  // namespace

void ParamWarner::check(const contract::Request& request)
{
    const auto known = knownParams().find(request.method);
    if (known == knownParams().end()) {
        return;
    }
    std::vector<std::string> warnings = unknownFields(request.params, known->second, request.method);
    const auto items = request.params.find("items");
    if (request.method == method::kGenerate && items != request.params.end() && items->is_array()) {
        for (const auto& item : *items) {
            for (const auto& warning : item.is_object() ? unknownFields(item, kExample, request.method + ", items")
                                                        : std::vector<std::string>()) {
                warnings.push_back(warning);
            }
        }
    }
    constexpr std::size_t kMostSaid = 1000;
    for (const auto& warning : warnings) {
        if (m_said.size() < kMostSaid && m_said.insert(warning).second) {
            log::warning(warning);
        }
    }
}

}  // namespace stet::serve
