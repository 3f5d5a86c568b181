// What a round would do, from its files alone.
#include "trainer/files/weight_layout.h"
#include "trainer/model/device.h"
#include "trainer/round/round.h"
#include "trainer/round/training_set.h"

#include <ATen/Parallel.h>

#include <algorithm>

namespace stet::round {

Json previewRound(const std::string& folder)
{
    const auto settings = files::readRoundSettings(folder);
    const auto modelFolder = files::openModelFolder(settings.model);
    const text::ExampleEncoder encoder(text::Tokenizer::load(settings.model),
                                       text::PromptStyle::resolve(settings.promptStyle, modelFolder), modelFolder);
    const TrainingSet set = makeTrainingSet(folder + "/examples.jsonl", settings, encoder);
    const auto count = static_cast<std::int64_t>(set.examples.size());
    std::int64_t cost = 0;
    for (const auto& example : set.examples) {
        cost += example.cost;
    }
    const std::int64_t epochs = files::resolvedEpochs(settings, count);
    Json preview = countsOf(set);
    preview["epochs"] = epochs;
    preview["steps"] = epochs * ((count + settings.batchSize - 1) / settings.batchSize);
    preview["learning_rate"] = files::resolvedLearningRate(settings, modelFolder.config.hiddenSize);
    // The same estimate of work as the micro-batch's, on this computer's CPU.
    preview["seconds"] = static_cast<double>(epochs * cost) * 6.0 *
        static_cast<double>(files::parameterCount(modelFolder.config)) / (30e9 * std::max(1, at::get_num_threads()));
    preview["memory"] =
        model::estimateMemory(modelFolder.config, c10::kFloat, settings.microBatchTokens.value_or(4096)).round;
    preview["warnings"] = set.warnings;
    return preview;
}

}  // namespace stet::round
