// What the objectives that act on flags share, cut and ftpo: the contexts of the contrast, and the flags of a
// criticised response, made once before the first step or anew in every one. Compute thread.
#pragma once

#include "trainer/objectives/objective.h"

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

namespace stet::round {

class FlaggedObjective : public Objective {
public:
    explicit FlaggedObjective(const files::RoundSettings& settings) : m_settings(settings) { }

    Need need() const override { return {"criticised responses", "judge some responses first"}; }
    std::string lacking(const files::Example&) const override { return {}; }
    std::vector<TextPlan> plan(const files::Example& line) const override;
    std::size_t otherJudgments() const override;
    bool fixesAtStart(const TrainingExample& example) const override;
    void fixAtStart(TrainingExample& example, const ExampleLogProbs& values) const override;
    bool readsDetection() const override { return m_settings.flags == files::FlagTime::Current; }

protected:
    // Contexts that are read with gradient; the others are for detection alone.
    virtual bool trainsOn(text::Context context) const = 0;

    // Of a criticised response: 0 or 1 per token.
    std::vector<char> penalised(const TrainingExample& example, const ExampleLogProbs& values) const;
    const files::RoundSettings& settings() const { return m_settings; }

private:
    files::RoundSettings m_settings;
};

// What a step counts of a criticised response with these flags; no loss yet.
ExampleLoss countFlags(const TrainingExample& example, std::vector<char> pushed);

// [N] bool.
at::Tensor toTensor(const std::vector<char>& flags, c10::Device device);

}  // namespace stet::round
