#include "trainer/objectives/likelihood.h"

#include <ATen/ATen.h>

namespace stet::round {

namespace {

using text::Context;

class OneText : public Objective {
public:
    ExampleLoss loss(const TrainingExample&, const ExampleLogProbs& values) const override
    {
        return imitation(values.front());
    }
};

// Demonstration, else revision, else the output when it was accepted.
class Sft : public OneText {
public:
    Need need() const override
    {
        return {"accepted responses, or lines with a 'demonstration' or 'revision'",
                "accept some responses or write some answers first"};
    }
    std::string lacking(const files::Example& line) const override
    {
        if (line.demonstration || line.revision || (!line.judgment && line.output)) {
            return {};
        }
        return line.judgment ? "it is criticised and has neither 'demonstration' nor 'revision'"
                             : "it has neither 'output' nor 'demonstration' nor 'revision'";
    }
    std::vector<TextPlan> plan(const files::Example& line) const override
    {
        const auto& written = line.demonstration ? line.demonstration : line.revision;
        return {{written ? withAnswer(line, *written) : line, {{"plain", Context::Plain}}}};
    }
    bool needsOutput() const override { return false; }
    bool needsCriticised() const override { return false; }
    bool takesAllAccepted() const override { return true; }
};

class Ilf : public OneText {
public:
    Need need() const override
    {
        return {"lines with a 'revision' (the response, corrected by its judgment)",
                "add the field to lines of the file, or choose objective cut, which learns from judgments alone"};
    }
    std::string lacking(const files::Example& line) const override
    {
        return line.revision ? "" : "it has no 'revision'";
    }
    std::vector<TextPlan> plan(const files::Example& line) const override
    {
        return {{withAnswer(line, *line.revision), {{"plain", Context::Plain}}}};
    }
    bool needsOutput() const override { return false; }
    bool needsCriticised() const override { return false; }
    bool takesAllAccepted() const override { return true; }
};

class Hindsight : public OneText {
public:
    Need need() const override { return {"criticised responses", "judge some responses first"}; }
    std::string lacking(const files::Example&) const override { return {}; }
    std::vector<TextPlan> plan(const files::Example& line) const override
    {
        return {{line,
                 {line.judgment ? TextPlan::ContextUse{"judged", Context::Judged}
                                : TextPlan::ContextUse{"praised", Context::Praised}}}};
    }
};

class ForwardPrediction : public OneText {
public:
    Need need() const override
    {
        return {"criticised responses with a judgment that says something", "judge some responses first"};
    }
    std::string lacking(const files::Example& line) const override
    {
        return line.judgment == "" ? "its judgment is empty" : "";
    }
    std::vector<TextPlan> plan(const files::Example& line) const override
    {
        return {{line, {{"judging", Context::Judging}}}};
    }
};

}  // namespace

at::Tensor likelihoodLoss(const at::Tensor& logP)
{
    return -logP.mean();
}

files::Example withAnswer(const files::Example& line, const std::string& answer)
{
    files::Example example = line;
    example.output = answer;
    example.stoppedByLength = false;
    example.marks.clear();
    return example;
}

ExampleLoss imitation(const TokenLogProbs& value)
{
    ExampleLoss result;
    result.loss = likelihoodLoss(value.logP);
    result.likelihood = result.loss.detach();
    return result;
}

std::unique_ptr<Objective> makeSftObjective()
{
    return std::make_unique<Sft>();
}

std::unique_ptr<Objective> makeIlfObjective()
{
    return std::make_unique<Ilf>();
}

std::unique_ptr<Objective> makeHindsightObjective()
{
    return std::make_unique<Hindsight>();
}

std::unique_ptr<Objective> makeForwardPredictionObjective()
{
    return std::make_unique<ForwardPrediction>();
}

}  // namespace stet::round
