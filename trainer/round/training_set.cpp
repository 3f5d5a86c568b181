#include "trainer/round/training_set.h"

#include "base/failure.h"
#include "trainer/round/selection.h"
#include "trainer/score/contrast.h"

#include <algorithm>

namespace stet::round {

namespace {

using text::Context;

std::vector<Context> contextsOf(const files::RoundSettings& settings, bool criticised)
{
    std::vector<Context> contexts = {Context::Plain};
    if (criticised && settings.objective == files::Objective::Cut) {
        contexts.push_back(Context::Judged);
        if (score::needsPraised(settings.contrast)) {
            contexts.push_back(Context::Praised);
        }
        if (score::needsCorrection(settings.contrast)) {
            contexts.push_back(Context::Correction);
        }
    }
    return contexts;
}

// Tokens of a sequence that have a prediction: the first has none when truncation left no prompt.
std::int64_t predicted(const score::Sequence& sequence)
{
    return static_cast<std::int64_t>(sequence.response.size()) - (sequence.prompt.empty() ? 1 : 0);
}

std::int64_t lengthOf(const score::Sequence& sequence)
{
    return static_cast<std::int64_t>(sequence.prompt.size() + sequence.response.size());
}

// Left truncation may drop response tokens in one context alone; contexts are aligned by their ends.
void alignContexts(TrainingExample& example)
{
    example.tokens = predicted(example.plain);
    std::int64_t longest = lengthOf(example.plain);
    std::int64_t rows = 1;
    for (const score::Sequence* sequence : {&example.judged, &example.other}) {
        if (!sequence->response.empty()) {
            example.tokens = std::min(example.tokens, predicted(*sequence));
            longest = std::max(longest, lengthOf(*sequence));
            ++rows;
        }
    }
    example.cost = rows * longest;
}

TrainingExample makeExample(const files::Example& source, const text::EncodedExample& encoded)
{
    TrainingExample example;
    example.source = source;
    example.criticised = source.judgment.has_value();
    const auto sequence = [&](Context context) {
        const auto it = encoded.contexts.find(context);
        return it == encoded.contexts.end() ? score::Sequence{}
                                            : score::Sequence{it->second.prompt, it->second.response};
    };
    example.plain = sequence(Context::Plain);
    example.judged = sequence(Context::Judged);
    example.other = sequence(Context::Praised);
    if (example.other.response.empty()) {
        example.other = sequence(Context::Correction);
    }
    alignContexts(example);
    // Marks follow the kept tokens: tail truncation keeps the beginning of the response, left truncation its end.
    std::vector<int> marks = text::markedTokens(source.marks, encoded.ranges);
    if (encoded.responseKept < static_cast<int>(marks.size())) {
        marks.resize(static_cast<std::size_t>(encoded.responseKept));
    }
    const auto dropped = static_cast<std::ptrdiff_t>(marks.size()) - static_cast<std::ptrdiff_t>(example.tokens);
    marks.erase(marks.begin(), marks.begin() + std::max<std::ptrdiff_t>(0, dropped));
    example.marks = std::move(marks);
    return example;
}

void checkAny(const TrainingSet& set, const files::RoundSettings& settings, const std::string& path)
{
    if (settings.objective != files::Objective::Sft && set.criticised == 0 && set.leftOut.empty() &&
        set.acceptedTotal > 0) {
        throw badInput(path + ": every response is accepted; a round needs at least one criticised response");
    }
    if (set.examples.empty()) {
        throw badInput(
            path + " leaves nothing to train on: it holds no example that could be used; judge some responses first");
    }
    if (settings.objective != files::Objective::Sft && set.criticised == 0) {
        throw badInput(path + ": every criticised response was left out (too long for max_length or the model)");
    }
}

}  // namespace

TrainingSet makeTrainingSet(const std::string& examplesPath, const files::RoundSettings& settings,
                            const text::ExampleEncoder& encoder)
{
    const auto file = files::readExamples(examplesPath, true);
    TrainingSet set;
    set.warnings = file.warnings;
    set.acceptedTotal = static_cast<int>(
        std::count_if(file.examples.begin(), file.examples.end(), [](const auto& e) { return !e.judgment; }));
    const text::EncoderOptions options{settings.maxLength,
                                       settings.truncate == files::TruncateSide::Left ? text::Truncate::Left
                                                                                      : text::Truncate::Tail};
    const bool sft = settings.objective == files::Objective::Sft;
    for (const std::size_t index : downSample(file.examples, sft ? -1 : settings.positiveRatio, settings.seed)) {
        const files::Example& source = file.examples[index];
        if (sft && source.judgment) {
            continue;
        }
        const auto encoded = encoder.encode(source, contextsOf(settings, source.judgment.has_value()), options);
        if (options.truncate == text::Truncate::Tail && encoded.truncated && !text::worthKeeping(encoded)) {
            set.leftOut.push_back({source.id, "fewer than 16 of its response tokens fit the model's context"});
            continue;
        }
        TrainingExample example = makeExample(source, encoded);
        if (example.tokens < 1) {
            set.leftOut.push_back({source.id, "its response has no token that could be trained"});
            continue;
        }
        set.truncated += encoded.truncated ? 1 : 0;
        set.contextsEqual += encoded.contextsEqual ? 1 : 0;
        (example.criticised ? set.criticised : set.accepted) += 1;
        set.examples.push_back(std::move(example));
    }
    checkAny(set, settings, examplesPath);
    return set;
}

Json countsOf(const TrainingSet& set)
{
    Json leftOut = Json::array();
    for (const auto& one : set.leftOut) {
        leftOut.push_back({{"id", one.id}, {"reason", one.reason}});
    }
    return {{"examples", set.examples.size()},
            {"criticised", set.criticised},
            {"accepted", set.accepted},
            {"accepted_total", set.acceptedTotal},
            {"truncated", set.truncated},
            {"contexts_equal", set.contextsEqual},
            {"left_out", leftOut}};
}

}  // namespace stet::round
