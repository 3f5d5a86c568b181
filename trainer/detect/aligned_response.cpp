#include "trainer/detect/aligned_response.h"

#include "trainer/detect/words.h"

#include <algorithm>
#include <limits>

namespace stet::detect {

namespace {

using text::Context;

// The first response token has no prediction when truncation left no prompt.
std::int64_t predicted(const text::ContextIds& ids)
{
    return static_cast<std::int64_t>(ids.response.size()) - (ids.prompt.empty() ? 1 : 0);
}

}  // namespace

AlignedResponse align(const text::EncodedExample& encoded, const std::vector<files::Mark>& marks)
{
    AlignedResponse aligned;
    aligned.contexts = encoded.contexts;
    aligned.wholeTokens = static_cast<std::int64_t>(encoded.response.size());
    aligned.truncated = encoded.truncated;
    aligned.contextsEqual = encoded.contextsEqual;
    aligned.tooFewLeft = encoded.truncated && !text::worthKeeping(encoded);
    aligned.tokens = encoded.contexts.empty() ? 0 : std::numeric_limits<std::int64_t>::max();
    for (const auto& [context, ids] : encoded.contexts) {
        aligned.tokens = std::min(aligned.tokens, std::max<std::int64_t>(predicted(ids), 0));
    }
    // The tail's truncation keeps the beginning of the response, the left's its end.
    const auto end = static_cast<std::ptrdiff_t>(encoded.responseKept);
    const auto begin = end - static_cast<std::ptrdiff_t>(aligned.tokens);
    aligned.ids.assign(encoded.response.begin() + begin, encoded.response.begin() + end);
    aligned.ranges.assign(encoded.ranges.begin() + begin, encoded.ranges.begin() + end);
    aligned.marks = text::markedTokens(marks, aligned.ranges);
    return aligned;
}

AlignedResponse alignedResponse(const text::ExampleEncoder& encoder, const files::Example& example,
                                const std::vector<Context>& contexts, const DetectionSettings& settings)
{
    AlignedResponse aligned = align(encoder.encode(example, contexts, settings.encoding()), example.marks);
    aligned.words = wordsOf(example.output.value_or(std::string()), aligned.ranges);
    return aligned;
}

std::vector<text::ContextIds> underOtherJudgments(const text::ExampleEncoder& encoder, const files::Example& example,
                                                  const std::vector<std::string>& judgments,
                                                  const DetectionSettings& settings, std::int64_t tokens)
{
    std::vector<text::ContextIds> others;
    for (const auto& judgment : judgments) {
        files::Example other = example;
        other.judgment = judgment;
        const auto aligned = alignedResponse(encoder, other, {Context::Plain, Context::Judged}, settings);
        text::ContextIds ids = aligned.contexts.at(Context::Judged);
        const std::int64_t spare = predicted(ids) - tokens;
        if (spare < 0) {
            continue;
        }
        if (settings.truncate == text::Truncate::Tail) {
            ids.response.resize(ids.response.size() - static_cast<std::size_t>(spare));
        }
        others.push_back(std::move(ids));
    }
    return others;
}

}  // namespace stet::detect
