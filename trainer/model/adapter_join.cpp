#include "trainer/model/adapter_join.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <set>

namespace stet::model {

namespace {

std::int64_t largestRank(const Adapter& adapter)
{
    std::int64_t largest = 1;
    for (const auto& [module, pair] : adapter.modules) {
        largest = std::max(largest, pair.a.size(0));
    }
    return largest;
}

LoraPair plain(const LoraPair& pair, std::int64_t rank)
{
    LoraPair same = {pair.a.detach(), pair.b.detach(), 1.0};
    if (pair.scale != 1.0) {
        same.b = same.b * pair.scale;
    }
    if (const std::int64_t missing = rank - same.a.size(0); missing > 0) {
        same.a = at::cat({same.a, at::zeros({missing, same.a.size(1)}, same.a.options())}, 0);
        same.b = at::cat({same.b, at::zeros({same.b.size(0), missing}, same.b.options())}, 1);
    }
    return same;
}

// Last parts of names say which modules: no pattern, no choice of layers.
bool choosesByLastPart(const files::AdapterConfig& config)
{
    return !config.targets.pattern && config.excluded == files::ModuleChoice{} && config.layersToTransform.empty() &&
        std::none_of(config.targets.names.begin(), config.targets.names.end(),
                     [](const std::string& name) { return name.find('.') != std::string::npos; });
}

// The last parts of the modules' names where every term chooses by them, else the whole names.
std::vector<std::string> targetNames(const Adapter& joined, const std::vector<const Adapter*>& terms)
{
    const bool byLastPart =
        std::all_of(terms.begin(), terms.end(), [](const Adapter* term) { return choosesByLastPart(term->config); });
    std::set<std::string> names;
    for (const auto& [module, pair] : joined.modules) {
        names.insert(byLastPart ? module.substr(module.rfind('.') + 1) : module);
    }
    return {names.begin(), names.end()};
}

}  // namespace

Adapter ofOneRank(const Adapter& adapter)
{
    Adapter same;
    same.config = adapter.config;
    same.config.rank = largestRank(adapter);
    same.config.alpha = static_cast<double>(same.config.rank);
    same.config.rsLora = false;
    same.config.rankPattern.clear();
    same.config.alphaPattern.clear();
    for (const auto& [module, pair] : adapter.modules) {
        same.modules[module] = plain(pair, same.config.rank);
    }
    return same;
}

Adapter concatenate(const std::vector<const Adapter*>& terms)
{
    Adapter joined;
    joined.config.baseModel = terms.back()->config.baseModel;
    joined.config.dropout = terms.back()->config.dropout;
    for (const Adapter* term : terms) {
        for (const auto& [module, pair] : term->modules) {
            LoraPair& into = joined.modules[module];
            const at::Tensor b = pair.b.detach() * pair.scale;
            into.a = into.a.defined() ? at::cat({into.a, pair.a.detach()}, 0) : pair.a.detach();
            into.b = into.b.defined() ? at::cat({into.b, b}, 1) : b;
        }
    }
    joined.config.targets.names = targetNames(joined, terms);
    return ofOneRank(joined);
}

}  // namespace stet::model
