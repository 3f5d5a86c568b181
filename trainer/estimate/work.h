// How much computing a round is, from sizes alone: for previews, before any weight is read. It counts what the steps
// read with and without gradient, what is scored before the first, the anchor, and the adapters beside the model; not
// attention's squares. Any thread.
#pragma once

#include "trainer/dataset/training_set.h"
#include "trainer/files/adapter_config.h"
#include "trainer/files/model_config.h"
#include "trainer/files/round_settings.h"
#include "trainer/objectives/objective.h"

namespace stet::round {

// What decides a round's cost. Borrowed for the call.
struct RoundSize {
    const files::ModelConfig& model;
    const files::RoundSettings& settings;
    const Objective& objective;
    const files::AdapterConfig& adapter;  // what is trained
    const TrainingSet& set;
};

// Floating-point operations of the whole round. Failure(BadInput/ModelRefused): the parent adapter can't be read, or an
// adapter means nothing of this model.
double roundWork(const RoundSize& size);

}  // namespace stet::round
