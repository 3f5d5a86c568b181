// The model that the server's methods share, and their binding: a file each. Compute thread.
#pragma once

#include "contract/model.h"
#include "trainer/round/round.h"
#include "trainer/score/scorer.h"
#include "trainer/serve/handler_table.h"
#include "trainer/serve/loaded_model.h"

#include <functional>
#include <memory>
#include <string>

namespace stet::serve {

class ServedModel {
public:
    // Failure(Usage): none is loaded.
    LoadedModel& model();
    score::Scorer& scorer();

    // In the place of the one that is there, which is freed first: two models need not fit at once. A folder that is
    // refused leaves it; a load that fails or is cancelled leaves none.
    contract::ModelDescription load(const contract::LoadRequest& request, const std::function<void(double)>& progress);

    // The loaded model, where it is the round's own.
    round::RoundOptions roundOptions() const;

    // Adapters of past rounds don't stay for ever: those asked for longest ago are freed.
    void forgetOldAdapters();

private:
    std::unique_ptr<LoadedModel> m_model;
    std::unique_ptr<score::Scorer> m_scorer;
    std::string m_path;
};

// What the methods have in common is `model`, which outlives the table.
void bindModelMethods(HandlerTable& table, ServedModel& model);  // model/describe, model/load
void bindScore(HandlerTable& table, ServedModel& model);
void bindGenerate(HandlerTable& table, ServedModel& model);
void bindRoundMethods(HandlerTable& table, ServedModel& model);  // round/start, round/preview, round/flags
void bindCompare(HandlerTable& table, ServedModel& model);

}  // namespace stet::serve
