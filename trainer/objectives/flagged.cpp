#include "trainer/objectives/flagged.h"

#include "trainer/detect/detection.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace stet::round {

namespace {

// Values of a criticised example: a reading for each context of the contrast, in plan's order, then the others.
detect::ContrastInput contrastInput(Contrast contrast, const TrainingExample& example, const ExampleLogProbs& values)
{
    detect::ContrastInput input;
    input.words = example.words;
    std::size_t k = 0;
    for (const text::Context context : detect::contextsOf(contrast)) {
        input.contexts[context] = score::toDoubles(values[k++].logP);
    }
    for (; k < values.size(); ++k) {
        input.others.push_back(score::toDoubles(values[k].logP));
    }
    return input;
}

}  // namespace

std::vector<TextPlan> FlaggedObjective::plan(const files::Example& line) const
{
    TextPlan text{line, {{"plain", text::Context::Plain}}};
    if (line.judgment) {
        text.uses.clear();
        for (const text::Context context : detect::contextsOf(m_settings.contrast)) {
            text.uses.push_back(
                {std::string(text::contextName(context)), context, trainsOn(context) ? Use::Trained : Use::Detection});
        }
    }
    return {text};
}

std::size_t FlaggedObjective::otherJudgments() const
{
    const std::size_t compared = detect::othersOf(m_settings.contrast);
    return m_settings.falseAlarmRate ? std::max(compared, kCalibrationJudgments) : compared;
}

bool FlaggedObjective::fixesAtStart(const TrainingExample& example) const
{
    return example.criticised && m_settings.flags == files::FlagTime::Start;
}

void FlaggedObjective::fixAtStart(TrainingExample& example, const ExampleLogProbs& values) const
{
    const auto input = contrastInput(m_settings.contrast, example, values);
    auto found = detect::detect(detect::detectionOf(m_settings), example.marks, input);
    example.startRatios = {input.contexts.at(text::Context::Plain), std::move(found.logRatios),
                           detect::logRatiosUnderOthers(m_settings.contrast, input)};
    example.flags = std::move(found.penalised);
}

std::vector<char> FlaggedObjective::penalised(const TrainingExample& example, const ExampleLogProbs& values) const
{
    if (m_settings.flags == files::FlagTime::Start) {
        return example.flags;
    }
    const auto input = contrastInput(m_settings.contrast, example, values);
    return detect::detect(detect::detectionOf(m_settings), example.marks, input).penalised;
}

ExampleLoss countFlags(const TrainingExample& example, std::vector<char> pushed)
{
    ExampleLoss result;
    result.flagged = std::count(pushed.begin(), pushed.end(), 1);
    result.flaggable = example.tokens;
    result.nothingFlagged = result.flagged == 0;
    result.pushed = std::move(pushed);
    return result;
}

at::Tensor toTensor(const std::vector<char>& flags, c10::Device device)
{
    at::Tensor tensor = at::empty({static_cast<std::int64_t>(flags.size())}, at::kBool);
    std::copy(flags.begin(), flags.end(), tensor.data_ptr<bool>());
    return tensor.to(device);
}

}  // namespace stet::round
