// The adapters a round computes with: the one it trains, beside or instead of its parent's, and what the model was
// before. Made when a round is set up; a value that owns its adapters. Compute thread.
#pragma once

#include "trainer/files/round_settings.h"
#include "trainer/model/adapter.h"

#include <optional>
#include <string>
#include <vector>

namespace stet::round {

struct RoundAdapters {
    model::Adapter trained;
    std::optional<model::Adapter> parent;  // "merge": read beside the trained one, joined with it at the end
    std::optional<model::Adapter> start;   // "continue" with an anchor "kl" or ftpo: the parent as it was given

    // Pointers into this value, for as long as it stays where it is.
    std::vector<const model::Adapter*> terms() const;   // the parent first, the trained one last
    std::vector<const model::Adapter*> before() const;  // the model the round begins with; empty: the base

    model::Adapter joined() const;  // what is published
};

// What is trained, as a configuration: a continued parent's, else what `lora` says. settings.loraTargets must be
// resolved. Failure(BadInput/ModelRefused): the parent can't be read, or a target is no layer of the model. Any thread.
files::AdapterConfig trainedConfig(const files::RoundSettings& settings, const files::ModelConfig& model);

// settings.loraTargets must be resolved. `what` names the settings' file in messages. Failure(BadInput/ModelRefused):
// the parent can't be read or doesn't fit the model, a target is no layer of it, or `lora` contradicts a continued
// parent.
RoundAdapters makeRoundAdapters(const model::Decoder& decoder, const files::RoundSettings& settings,
                                const std::string& what);

}  // namespace stet::round
