#include "trainer/text/adapter_targets.h"

#include "base/failure.h"
#include "trainer/text/rust/stet_text.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <set>

namespace stet::text {

namespace {

const std::uint8_t* bytes(const std::string& text)
{
    return reinterpret_cast<const std::uint8_t*>(text.data());
}

// Bytes of a compiled pattern: of the one that chooses modules, which may name hundreds of them; of each in a list, of
// which there may be thousands (a millisecond's work).
constexpr std::size_t kLonePattern = std::size_t{1} << 20;
constexpr std::size_t kListedPattern = std::size_t{1} << 18;

class Pattern {
public:
    // field: names the setting in messages.
    Pattern(const std::string& pattern, const std::string& field, std::size_t limit)
    {
        StetPattern* matcher = nullptr;
        char* error = nullptr;
        if (stet_pattern_new(bytes(pattern), pattern.size(), limit, &matcher, &error) != 0) {
            const std::string reason = error != nullptr ? error : "";
            stet_text_free(error);
            throw Failure(FailureKind::ModelRefused,
                          field + ": the pattern can't be used: " + reason +
                              "; write the layers' names out in its place");
        }
        m_matcher.reset(matcher);
    }

    bool finds(const std::string& text) const
    {
        return stet_pattern_finds(m_matcher.get(), bytes(text), text.size()) != 0;
    }

private:
    struct Free {
        void operator()(StetPattern* matcher) const { stet_pattern_free(matcher); }
    };
    std::unique_ptr<StetPattern, Free> m_matcher;
};

// A name is meant when it is the module's, or its last part.
bool named(const std::vector<std::string>& names, const std::string& module)
{
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& name) { return module == name || module.ends_with("." + name); });
}

// A list of names, or one pattern that must match a module's whole name.
class Chooser {
public:
    Chooser(const files::ModuleChoice& choice, const std::string& field) : m_names(choice.names)
    {
        if (choice.pattern) {
            m_pattern.emplace("\\A(?:" + *choice.pattern + ")\\z", field, kLonePattern);
        }
    }

    bool byPattern() const { return m_pattern.has_value(); }
    bool exactly(const std::string& module) const
    {
        return std::find(m_names.begin(), m_names.end(), module) != m_names.end();
    }
    bool means(const std::string& module) const
    {
        return m_pattern ? m_pattern->finds(module) : named(m_names, module);
    }

private:
    std::vector<std::string> m_names;
    std::optional<Pattern> m_pattern;
};

// "model.layers.12.mlp.up_proj" → 12; nullopt when no part is a number.
std::optional<std::int64_t> layerOf(const std::string& module)
{
    for (std::size_t dot = module.find('.'); dot != std::string::npos; dot = module.find('.', dot + 1)) {
        const std::size_t end = module.find('.', dot + 1);
        const std::string part = module.substr(dot + 1, end == std::string::npos ? end : end - dot - 1);
        if (end != std::string::npos && !part.empty() && part.size() < 9 &&
            part.find_first_not_of("0123456789") == std::string::npos) {
            return std::stoll(part);
        }
    }
    return std::nullopt;
}

// Patterns are compiled one after another, each for all modules: as many as a file has are never held.

// The modules that layers_to_transform and layers_pattern let through.
std::set<std::string> modulesOfLayers(const files::AdapterConfig& config, const std::vector<std::string>& modules,
                                      const std::string& what)
{
    const std::set<std::int64_t> layers(config.layersToTransform.begin(), config.layersToTransform.end());
    std::vector<std::string> chosen;
    std::copy_if(modules.begin(), modules.end(), std::back_inserter(chosen), [&](const std::string& module) {
        const auto layer = layerOf(module);
        return layers.empty() || (layer && layers.contains(*layer));
    });
    if (layers.empty() || config.layersPattern.empty()) {
        return {chosen.begin(), chosen.end()};
    }
    std::set<std::string> patterned;
    for (const auto& text : config.layersPattern) {
        const Pattern pattern("\\A(?:^|.*?\\.)" + text + "\\.\\d+\\.", what + ", layers_pattern", kListedPattern);
        std::copy_if(chosen.begin(), chosen.end(), std::inserter(patterned, patterned.end()),
                     [&](const std::string& module) { return pattern.finds(module); });
    }
    return patterned;
}

// rank_pattern and alpha_pattern: the value of the first key that, as a pattern, matches the end of the name.
template <typename Value>
std::map<std::string, Value> patternValues(const std::vector<std::pair<std::string, Value>>& values,
                                           const std::vector<std::string>& modules, const std::string& field)
{
    std::map<std::string, Value> found;
    for (const auto& [text, value] : values) {
        const Pattern pattern("\\A(.*\\.)?(" + text + ")\\z", field, kListedPattern);
        for (const auto& module : modules) {
            if (!found.contains(module) && pattern.finds(module)) {
                found.emplace(module, value);
            }
        }
    }
    return found;
}

template <typename Value>
Value valueOr(const std::map<std::string, Value>& values, const std::string& module, Value fallback)
{
    const auto it = values.find(module);
    return it == values.end() ? fallback : it->second;
}

// "'q_proj', 'v_proj'" or "that '.*_proj' matches".
std::string spoken(const files::ModuleChoice& choice)
{
    if (choice.pattern) {
        return "that '" + *choice.pattern + "' matches";
    }
    std::string names;
    for (const auto& name : choice.names) {
        names += (names.empty() ? "'" : ", '") + name + "'";
    }
    return names;
}

std::string lastParts(const std::vector<std::string>& modules)
{
    std::set<std::string> parts;
    for (const auto& module : modules) {
        parts.insert(module.substr(module.rfind('.') + 1));
    }
    std::string all;
    for (const auto& part : parts) {
        all += (all.empty() ? "" : ", ") + part;
    }
    return all;
}

}  // namespace

std::vector<std::string> chosenModules(const files::AdapterConfig& config, const std::vector<std::string>& modules,
                                       const std::string& what)
{
    const Chooser targets(config.targets, what + ", target_modules");
    const Chooser excluded(config.excluded, what + ", exclude_modules");
    const auto inLayers = modulesOfLayers(config, modules, what);
    std::vector<std::string> chosen;
    std::copy_if(modules.begin(), modules.end(), std::back_inserter(chosen), [&](const std::string& module) {
        // Layers are asked only where a list names the last part of a module, as in PEFT.
        const bool free = targets.byPattern() || targets.exactly(module);
        return !excluded.means(module) && targets.means(module) && (free || inLayers.contains(module));
    });
    return chosen;
}

std::vector<AdaptedModule> adaptedModules(const files::AdapterConfig& config, const std::vector<std::string>& modules,
                                          const std::string& what)
{
    const auto chosen = chosenModules(config, modules, what);
    const auto ranks = patternValues(config.rankPattern, modules, what + ", rank_pattern");
    const auto alphas = patternValues(config.alphaPattern, modules, what + ", alpha_pattern");
    if (chosen.empty()) {
        throw Failure(FailureKind::ModelRefused,
                      what + ": the model has no linear layer " + spoken(config.targets) +
                          " (target_modules); it has " + lastParts(modules));
    }
    std::vector<AdaptedModule> adapted;
    for (const auto& module : chosen) {
        const std::int64_t rank = valueOr(ranks, module, config.rank);
        const auto width = static_cast<double>(rank);
        const double alpha = valueOr(alphas, module, config.alpha);
        adapted.push_back({module, rank, alpha / (config.rsLora ? std::sqrt(width) : width)});
    }
    return adapted;
}

std::string targetWithoutModule(const files::AdapterConfig& config, const std::vector<std::string>& modules)
{
    for (const auto& target : config.targets.names) {
        if (std::none_of(modules.begin(), modules.end(), [&](const auto& module) { return named({target}, module); })) {
            return target;
        }
    }
    return "";
}

}  // namespace stet::text
