#include "trainer/dataset/reference_pass.h"

#include "trainer/dataset/example_reader.h"

#include <ATen/core/grad_mode.h>

#include <algorithm>

namespace stet::round {

namespace {

Group examplesToFix(const Objective& objective, const std::vector<TrainingExample>& examples)
{
    Group group;
    for (const auto& example : examples) {
        if (objective.fixesAtStart(example)) {
            group.push_back(&example);
        }
    }
    return group;
}

}  // namespace

void referencePass(const StepContext& context, std::vector<TrainingExample>& examples, const OnExamplesRead& onRead)
{
    const at::NoGradGuard noGrad;
    const Group all = examplesToFix(context.objective, examples);
    const ReadOptions options{context.terms, nullptr, 0, true, false};
    std::size_t done = 0;
    for (const Group& group : microBatches(all, context.microBatchTokens)) {
        const auto values = read(context, group, options);
        for (std::size_t i = 0; i < group.size(); ++i) {
            context.objective.fixAtStart(examples[static_cast<std::size_t>(group[i] - examples.data())], values[i]);
        }
        done += group.size();
        if (onRead) {
            onRead(static_cast<std::int64_t>(done), static_cast<std::int64_t>(all.size()));
        }
        context.pauseBetweenMicroBatches();
    }
}

bool needsReferencePass(const Objective& objective, const std::vector<TrainingExample>& examples)
{
    return !examplesToFix(objective, examples).empty();
}

Json referenceState(const std::vector<TrainingExample>& examples)
{
    Json flags = Json::array();
    Json references = Json::array();
    for (const auto& example : examples) {
        std::string text;
        for (const char flag : example.flags) {
            text += flag != 0 ? '1' : '0';
        }
        flags.push_back(text);
        references.push_back(example.reference);
    }
    return {{"flags", flags}, {"references", references}};
}

void restoreReference(std::vector<TrainingExample>& examples, const Json& state)
{
    for (std::size_t i = 0; i < examples.size(); ++i) {
        const auto text = state.at("flags").at(i).get<std::string>();
        examples[i].flags.resize(text.size());
        std::transform(text.begin(), text.end(), examples[i].flags.begin(), [](char c) { return c == '1' ? 1 : 0; });
        examples[i].reference = state.at("references").at(i).get<std::vector<double>>();
    }
}

}  // namespace stet::round
