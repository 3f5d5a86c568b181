#include "trainer/round/round_adapters.h"

#include "base/failure.h"
#include "trainer/files/base_model_name.h"
#include "trainer/files/weight_layout.h"
#include "trainer/model/adapter_join.h"
#include "trainer/model/decoder.h"
#include "trainer/text/adapter_folder.h"

#include <set>
#include <string>
#include <vector>

namespace stet::round {

namespace {

std::vector<std::string> linearNames(const files::ModelConfig& model)
{
    std::vector<std::string> names;
    for (const auto& [name, shape] : files::linearModules(model)) {
        names.push_back(name);
    }
    return names;
}

// Whether the targets mean the modules that the parent adapts, in whatever words.
bool meansSame(const files::ModuleChoice& targets, const files::AdapterConfig& parent,
               const std::vector<std::string>& modules)
{
    files::AdapterConfig asked;
    asked.targets = targets;
    const auto namesOf = [&](const files::AdapterConfig& config) {
        std::set<std::string> names;
        for (const auto& adapted : text::adaptedModules(config, modules, "lora")) {
            names.insert(adapted.name);
        }
        return names;
    };
    return namesOf(asked) == namesOf(parent);
}

// "continue" takes rank, alpha and targets from the parent; `lora` may repeat them, not contradict.
void refuseConflict(const files::RoundSettings& settings, const files::AdapterConfig& parent,
                    const std::vector<std::string>& modules, const std::string& what)
{
    for (const auto& field : settings.loraFields) {
        const bool same = field == "r" ? settings.loraRank == parent.rank
            : field == "alpha"         ? settings.loraAlpha == parent.alpha
            : field == "rslora"        ? settings.loraRankStabilised == parent.rsLora
                                       : meansSame(*settings.loraTargets, parent, modules);
        if (!same) {
            throw badInput(what + ": field 'lora." + field + "' differs from the parent's in " +
                           settings.parentAdapter +
                           "; with parent.how \"continue\" the parent's holds: remove the field");
        }
    }
}

// PEFT passes a name over that means nothing; in settings it is a slip.
void refuseUnknownTarget(const files::AdapterConfig& config, const files::ModelConfig& model)
{
    const std::string absent = text::targetWithoutModule(config, linearNames(model));
    if (!absent.empty()) {
        std::set<std::string> known;
        for (const auto& name : linearNames(model)) {
            known.insert(name.substr(name.rfind('.') + 1));
        }
        std::string list;
        for (const auto& name : known) {
            list += (list.empty() ? "" : ", ") + name;
        }
        throw Failure(FailureKind::ModelRefused,
                      "lora.targets: the model has no linear layer '" + absent + "'; it has " + list);
    }
}

}  // namespace

std::vector<const model::Adapter*> RoundAdapters::terms() const
{
    auto terms = parent ? std::vector{&*parent} : std::vector<const model::Adapter*>();
    terms.push_back(&trained);
    return terms;
}

std::vector<const model::Adapter*> RoundAdapters::before() const
{
    if (start) {
        return {&*start};
    }
    return parent ? std::vector{&*parent} : std::vector<const model::Adapter*>();
}

model::Adapter RoundAdapters::joined() const
{
    return parent ? model::concatenate(terms()) : trained;
}

files::AdapterConfig trainedConfig(const files::RoundSettings& settings, const files::ModelConfig& model)
{
    if (settings.parentUse == files::ParentUse::Continue) {
        return text::openAdapterFolder(settings.parentAdapter).config;
    }
    files::AdapterConfig config;
    config.rank = settings.loraRank;
    config.alpha = settings.loraAlpha;
    config.dropout = settings.loraDropout;
    config.rsLora = settings.loraRankStabilised;
    config.targets = *settings.loraTargets;
    config.baseModel = files::baseModelName(settings.model);
    refuseUnknownTarget(config, model);
    return config;
}

RoundAdapters makeRoundAdapters(const model::Decoder& decoder, const files::RoundSettings& settings,
                                const std::string& what)
{
    RoundAdapters adapters;
    if (settings.parentUse == files::ParentUse::Continue) {
        adapters.trained = model::Adapter::load(settings.parentAdapter, decoder);
        refuseConflict(settings, adapters.trained.config, linearNames(decoder.config()), what);
        // As it is trained now, and on what.
        adapters.trained.config.dropout = settings.loraDropout;
        adapters.trained.config.baseModel = files::baseModelName(settings.model);
        if (settings.anchor.kind == files::AnchorKind::Kl || settings.objective == files::Objective::Ftpo) {
            adapters.start = model::Adapter::load(settings.parentAdapter, decoder);
        }
    } else {
        adapters.trained = model::Adapter::create(decoder, trainedConfig(settings, decoder.config()), settings.seed);
    }
    if (settings.parentUse == files::ParentUse::Merge) {
        adapters.parent = model::Adapter::load(settings.parentAdapter, decoder);
    }
    adapters.trained.requireGrad(true);
    return adapters;
}

}  // namespace stet::round
