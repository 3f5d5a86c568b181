#include "trainer/evaluate/choice_likelihoods.h"

#include "base/failure.h"
#include "base/json.h"
#include "trainer/evaluate/python_text.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <numeric>

namespace stet::evaluate {

namespace {

// In one batch.
constexpr std::int64_t kMostTokens = 4096;

using Ids = std::vector<std::int64_t>;

Ids encoded(const ChoiceEncoding& encoding, const std::string& text)
{
    const std::string prefix = encoding.tokenizer.decode({encoding.prefixId}, false);
    const bool begun = text.rfind(prefix, 0) == 0;
    return encoding.tokenizer.encode(text, begun ? text::Specials::InText : text::Specials::InTextAndBegun).ids;
}

score::Sequence split(Ids whole, std::size_t at)
{
    const auto middle = whole.begin() + static_cast<std::ptrdiff_t>(std::min(at, whole.size()));
    return {Ids(whole.begin(), middle), Ids(middle, whole.end())};
}

score::Sequence afterNothing(const std::string& continuation, const ChoiceEncoding& encoding)
{
    Ids ids = encoding.tokenizer.encode(continuation, text::Specials::InText).ids;
    if (ids.empty() || ids.front() != encoding.prefixId) {
        ids.insert(ids.begin(), encoding.prefixId);
    }
    return split(std::move(ids), 1);
}

void check(const score::Sequence& sequence, const ChoiceItem& item, std::size_t choice, const ChoiceEncoding& encoding)
{
    const std::string name = item.where + ": choice " + std::to_string(choice + 1);
    for (const auto* ids : {&sequence.prompt, &sequence.response}) {
        for (const std::int64_t id : *ids) {
            if (id >= encoding.vocabularySize) {
                throw badInput(name + " holds the token " + toLine(encoding.tokenizer.tokenText(id)) + " (" +
                               std::to_string(id) + "), and the model's vocabulary ends at " +
                               std::to_string(encoding.vocabularySize - 1) + "; take it out of the text");
            }
        }
    }
    const std::int64_t contextLength = encoding.contextLength;
    if (sequence.response.empty() || sequence.prompt.empty()) {
        throw badInput(name + " has no token of its own after its context; write both as texts of at least a word");
    }
    if (static_cast<std::int64_t>(sequence.response.size()) > contextLength) {
        throw badInput(name + " has " + std::to_string(sequence.response.size()) + " tokens, the model's context " +
                       "holds " + std::to_string(contextLength) + "; shorten it");
    }
}

bool shorten(score::Sequence& sequence, std::int64_t contextLength)
{
    const auto length = static_cast<std::int64_t>(sequence.prompt.size() + sequence.response.size());
    const std::int64_t cut = std::max<std::int64_t>(0, length - contextLength - 1);
    sequence.prompt.erase(sequence.prompt.begin(), sequence.prompt.begin() + cut);
    return cut > 0;
}

// Longest first, so that what doesn't fit the memory doesn't at once.
std::vector<std::vector<std::size_t>> batches(const std::vector<score::Sequence>& sequences)
{
    std::vector<std::size_t> order(sequences.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return sequences[a].length() > sequences[b].length(); });
    std::vector<score::Sequence> ordered;
    for (const std::size_t index : order) {
        ordered.push_back(sequences[index]);
    }
    std::vector<std::vector<std::size_t>> all;
    for (const auto& packed : model::batchesWithin(ordered, kMostTokens)) {
        auto& batch = all.emplace_back();
        for (const std::size_t place : packed) {
            batch.push_back(order[place]);
        }
    }
    return all;
}

}  // namespace

std::vector<score::Sequence> encodeChoices(const ChoiceItem& item, const ChoiceEncoding& encoding, bool* shortened)
{
    const auto space = trailingSpace(item.context);
    const std::string context = item.context.substr(0, item.context.size() - space);
    const std::string lead = item.context.substr(context.size()) + " ";
    const auto contextIds = item.context.empty() ? 0 : encoded(encoding, context).size();
    std::vector<score::Sequence> sequences;
    bool cut = false;
    for (std::size_t i = 0; i < item.choices.size(); ++i) {
        const std::string continuation = lead + item.choices[i];
        auto sequence = item.context.empty() ? afterNothing(continuation, encoding)
                                             : split(encoded(encoding, context + continuation), contextIds);
        check(sequence, item, i, encoding);
        cut = shorten(sequence, encoding.contextLength) || cut;
        sequences.push_back(std::move(sequence));
    }
    if (shortened != nullptr) {
        *shortened = cut;
    }
    return sequences;
}

std::vector<double> logLikelihoods(const model::Decoder& decoder, const model::Adapters& adapters,
                                   const std::vector<score::Sequence>& sequences, const model::CancelCheck& cancelled)
{
    const c10::InferenceMode inference;
    std::vector<double> sums(sequences.size(), 0);
    for (const auto& batch : batches(sequences)) {
        std::vector<score::Sequence> chosen;
        for (const std::size_t index : batch) {
            chosen.push_back(sequences[index]);
        }
        const auto logProbs = score::responseLogProbs(decoder, adapters, chosen, cancelled);
        for (std::size_t i = 0; i < batch.size(); ++i) {
            sums[batch[i]] = logProbs[i].sum(c10::kDouble).item<double>();
        }
    }
    return sums;
}

}  // namespace stet::evaluate
