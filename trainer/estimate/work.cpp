#include "trainer/estimate/work.h"

#include "trainer/files/weight_layout.h"
#include "trainer/objectives/objective.h"
#include "trainer/text/adapter_folder.h"

#include <algorithm>

namespace stet::round {

namespace {

// Per parameter and token, forwards alone and with the backward: the rule that micro-batches are made by, too.
constexpr double kForward = 2;
constexpr double kWithGradient = 6;

// Tokens that are read.
struct Tokens {
    double withGradient = 0;
    double without = 0;

    void add(const Tokens& other, double times)
    {
        withGradient += times * other.withGradient;
        without += times * other.without;
    }
};

double othersOf(const TrainingExample& example)
{
    std::int64_t tokens = 0;
    for (const auto& sequence : example.others) {
        tokens += sequence.length();
    }
    return static_cast<double>(tokens);
}

double lengthOf(const TrainingExample& example, Use use)
{
    std::int64_t tokens = 0;
    for (const ContextSequence& reading : example.readings) {
        tokens += reading.use == use ? reading.sequence.length() : 0;
    }
    return static_cast<double>(tokens);
}

Tokens inAStep(const TrainingExample& example, const Objective& objective)
{
    Tokens tokens;
    tokens.withGradient = lengthOf(example, Use::Trained);
    if (objective.comparesWithBefore()) {
        tokens.without += tokens.withGradient;
    }
    if (objective.readsDetection()) {
        tokens.without += lengthOf(example, Use::Detection) + othersOf(example);
    }
    return tokens;
}

// Every step reads as many anchors as the next; "kl" reads them by the model before the round, too.
Tokens anchorsOfAStep(const RoundSize& size)
{
    const auto& anchor = size.settings.anchor;
    Tokens all;
    for (const auto& example : size.set.anchors) {
        const auto cost = static_cast<double>(example.shape().tokens);
        all.add({cost, anchor.kind == files::AnchorKind::Kl ? cost : 0}, 1);
    }
    Tokens step;
    if (const auto count = static_cast<double>(size.set.anchors.size()); count > 0) {
        const auto wanted = static_cast<double>(anchor.batchSize.value_or(size.settings.batchSize));
        step.add(all, std::min(count, wanted) / count);
    }
    return step;
}

Tokens ofTheRound(const RoundSize& size)
{
    const auto count = static_cast<std::int64_t>(size.set.examples.size());
    const auto steps = static_cast<double>(files::resolvedSteps(size.settings, count));
    const auto epochs = steps / static_cast<double>(files::stepsPerEpoch(size.settings, count));
    Tokens tokens;
    for (const auto& example : size.set.examples) {
        tokens.add(inAStep(example, size.objective), epochs);
        if (size.objective.fixesAtStart(example)) {
            tokens.without += static_cast<double>(example.shape().tokens) + othersOf(example);
        }
    }
    tokens.add(anchorsOfAStep(size), steps);
    return tokens;
}

// Numbers of an adapter's pairs.
double numbersOf(const files::AdapterConfig& adapter, const files::ModelConfig& model, const std::string& what)
{
    const auto modules = files::linearModules(model);
    std::vector<std::string> names;
    for (const auto& [name, shape] : modules) {
        names.push_back(name);
    }
    double numbers = 0;
    for (const auto& module : text::adaptedModules(adapter, names, what)) {
        const auto& shape = modules.at(module.name);
        numbers += static_cast<double>(module.rank) * static_cast<double>(shape.in + shape.out);
    }
    return numbers;
}

}  // namespace

double roundWork(const RoundSize& size)
{
    const auto& settings = size.settings;
    double numbers = static_cast<double>(files::parameterCount(size.model));
    numbers += numbersOf(size.adapter, size.model, "lora");
    if (settings.parentUse == files::ParentUse::Merge) {
        numbers +=
            numbersOf(text::openAdapterFolder(settings.parentAdapter).config, size.model, settings.parentAdapter);
    }
    const Tokens tokens = ofTheRound(size);
    return numbers * (kWithGradient * tokens.withGradient + kForward * tokens.without);
}

}  // namespace stet::round
