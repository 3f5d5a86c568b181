#include "trainer/objectives/preference.h"

#include "trainer/objectives/likelihood.h"

#include <ATen/ATen.h>

namespace stet::round {

namespace {

enum : std::size_t { kPreferred, kRejected };

class Preference : public Objective {
public:
    explicit Preference(const files::RoundSettings& settings) : m_settings(settings) { }

    Need need() const override
    {
        return {"criticised lines with a 'revision' or a 'demonstration' (preferred to the 'output')",
                "add the field to lines of the file, or choose objective cut, which learns from judgments alone"};
    }
    std::string lacking(const files::Example& line) const override
    {
        if (!line.judgment) {
            return "its response is accepted: nothing to prefer another to";
        }
        if (!line.revision && !line.demonstration) {
            return "it has neither 'revision' nor 'demonstration'";
        }
        return preferred(line) == line.output ? "what is preferred is the output itself" : "";
    }
    std::vector<TextPlan> plan(const files::Example& line) const override
    {
        return {{withAnswer(line, preferred(line)), {{"preferred", text::Context::Plain}}},
                {line, {{"rejected", text::Context::Plain}}}};
    }

    bool fixesAtStart(const TrainingExample&) const override { return true; }
    void fixAtStart(TrainingExample& example, const ExampleLogProbs& values) const override
    {
        example.reference.clear();
        for (const auto& value : values) {
            example.reference.push_back(value.logP.sum().item<double>());
        }
    }

    ExampleLoss loss(const TrainingExample& example, const ExampleLogProbs& values) const override
    {
        const auto likelihood = [&](std::size_t reading) {
            return ResponseLikelihood{values[reading].logP.sum(), example.reference.at(reading)};
        };
        const auto terms = preferenceLoss(likelihood(kPreferred), likelihood(kRejected), m_settings.beta);
        ExampleLoss result;
        result.loss = terms.loss;
        result.measures = {{"margin", terms.margin}, {"accuracy", terms.margin.gt(0).to(at::kFloat)}};
        return result;
    }

private:
    // A revision stays nearer to the output than an answer written anew: the pair then says more about the mistake.
    static const std::string& preferred(const files::Example& line)
    {
        return line.revision ? *line.revision : *line.demonstration;
    }

    files::RoundSettings m_settings;
};

}  // namespace

PreferenceTerms preferenceLoss(const ResponseLikelihood& preferred, const ResponseLikelihood& rejected, double beta)
{
    const at::Tensor margin =
        ((preferred.trained - preferred.reference) - (rejected.trained - rejected.reference)) * beta;
    return {-at::log_sigmoid(margin), margin.detach()};
}

std::unique_ptr<Objective> makePreferenceObjective(const files::RoundSettings& settings)
{
    return std::make_unique<Preference>(settings);
}

}  // namespace stet::round
