#include "trainer/score/scorer.h"

#include "base/failure.h"
#include "base/sha256.h"
#include "trainer/score/contrast.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cmath>

namespace stet::score {

namespace {

constexpr std::size_t kCachedContexts = 64;

using text::Context;

void addUnique(std::vector<Context>& contexts, Context context)
{
    if (std::find(contexts.begin(), contexts.end(), context) == contexts.end()) {
        contexts.push_back(context);
    }
}

// What is asked for and what the contrast compares; without a judgment nothing that needs one.
std::vector<Context> contextsFor(const files::Example& example, const ScoreOptions& options)
{
    std::vector<Context> contexts = {Context::Plain};
    for (const Context context : options.contexts) {
        addUnique(contexts, context);
    }
    if (example.judgment) {
        addUnique(contexts, Context::Judged);
        if (needsPraised(options.contrast)) {
            addUnique(contexts, Context::Praised);
        }
        if (needsCorrection(options.contrast)) {
            addUnique(contexts, Context::Correction);
        }
    } else {
        std::erase_if(contexts, [](Context c) { return c == Context::Judged || c == Context::Correction; });
    }
    return contexts;
}

std::string keyOf(const Sequence& sequence, int top, const std::string& adapterKey)
{
    std::string bytes = adapterKey + "|" + std::to_string(top) + "|" + std::to_string(sequence.prompt.size()) + "|";
    for (const auto* ids : {&sequence.prompt, &sequence.response}) {
        bytes.append(reinterpret_cast<const char*>(ids->data()), ids->size() * sizeof(std::int64_t));
    }
    const auto digest = sha256(bytes);
    return {digest.begin(), digest.end()};
}

std::vector<double> valuesOf(const ScoreResult& result, Context context)
{
    const auto it = result.contexts.find(context);
    return it == result.contexts.end() ? std::vector<double>() : it->second.logProbs;
}

std::string leftOutReason(const files::Example& example, const text::EncodedExample& encoded)
{
    if (encoded.response.empty()) {
        return "'" + example.id + "' can't be scored: its output is empty, and 'stopped' says that it has no end";
    }
    return "'" + example.id + "' can't be scored: its instruction" +
        (example.judgment ? " and judgment leave" : " leaves") + " room for " + std::to_string(encoded.responseKept) +
        " of its response's " + std::to_string(encoded.response.size()) +
        " tokens (max_length and the model's context limit it); shorten it";
}

std::vector<std::vector<contract::Alternative>> alternatives(const ContextScores& scores,
                                                             const text::Tokenizer& tokenizer)
{
    std::vector<std::vector<contract::Alternative>> list;
    for (const auto& row : scores.top) {
        list.emplace_back();
        for (const auto& [id, logProb] : row) {
            list.back().push_back({id, tokenizer.tokenText(id), logProb});
        }
    }
    return list;
}

}  // namespace

const ContextScores& Scorer::scoresOf(const Sequence& sequence, int top, const model::Adapters& adapters,
                                      const std::string& adapterKey, const model::CancelCheck& cancelled)
{
    const std::string key = keyOf(sequence, top, adapterKey);
    if (const auto found = m_cache.find(key); found != m_cache.end()) {
        m_recent.splice(m_recent.begin(), m_recent, found->second);
        return m_recent.front().second;
    }
    // One at least for the ranks' sake: the same pass gives both, so that asking for alternatives changes no number.
    auto tokens = responseTopTokens(m_decoder, adapters, sequence, std::max(1, top), cancelled);
    ContextScores scores;
    scores.logProbs = std::move(tokens.logProbs);
    if (top > 0) {
        scores.ranks = std::move(tokens.ranks);
        scores.top = std::move(tokens.top);
    }
    m_recent.emplace_front(key, std::move(scores));
    m_cache[key] = m_recent.begin();
    if (m_recent.size() > kCachedContexts) {
        m_cache.erase(m_recent.back().first);
        m_recent.pop_back();
    }
    return m_recent.front().second;
}

text::EncodedExample Scorer::encode(const files::Example& example, const std::vector<Context>& contexts,
                                    const ScoreOptions& options) const
{
    return m_encoder.encode(example, contexts, {options.maxLength, text::Truncate::Tail});
}

std::optional<std::string> Scorer::whyLeftOut(const files::Example& example, const ScoreOptions& options) const
{
    const auto encoded = encode(example, contextsFor(example, options), options);
    return worthKeeping(encoded) ? std::nullopt : std::optional(leftOutReason(example, encoded));
}

ScoreResult Scorer::score(const files::Example& example, const ScoreOptions& options, const model::Adapters& adapters,
                          const std::string& adapterKey, const model::CancelCheck& cancelled)
{
    const c10::InferenceMode inference;
    const auto contexts = contextsFor(example, options);
    const auto encoded = encode(example, contexts, options);
    if (!worthKeeping(encoded)) {
        throw badInput(leftOutReason(example, encoded));
    }
    ScoreResult result;
    const auto kept = static_cast<std::ptrdiff_t>(encoded.responseKept);
    result.ids.assign(encoded.response.begin(), encoded.response.begin() + kept);
    result.ranges.assign(encoded.ranges.begin(), encoded.ranges.begin() + kept);
    result.contrast = options.contrast;
    result.lambda = options.lambda;
    for (const Context context : contexts) {
        const auto& ids = encoded.contexts.at(context);
        result.contexts[context] = scoresOf({ids.prompt, ids.response}, options.top, adapters, adapterKey, cancelled);
        result.contexts[context].cut = ids.cut;
    }
    if (!example.judgment) {
        for (const Context context : options.contexts) {
            if (result.contexts.count(context) == 0) {
                addUnique(result.without, context);
            }
        }
        addUnique(result.without, Context::Judged);
        return result;
    }
    ContrastInput input{valuesOf(result, Context::Plain),
                        valuesOf(result, Context::Judged),
                        valuesOf(result, Context::Praised),
                        valuesOf(result, Context::Correction),
                        {}};
    if (options.contrast == Contrast::D5) {
        input.others = meanUnderOthers(example, options, adapters, adapterKey, cancelled);
        input.others.resize(input.plain.size(), std::nan(""));
    }
    result.logRatio = logRatios(options.contrast, input);
    for (const double ratio : result.logRatio) {
        result.flagged.push_back(flagged(options.contrast, ratio, options.lambda) ? 1 : 0);
    }
    return result;
}

// D5's second part: the mean log-probability of the same tokens under other examples' judgments. A longer judgment may
// leave room for fewer tokens: each token's mean is over the judgments that reach it.
std::vector<double> Scorer::meanUnderOthers(const files::Example& example, const ScoreOptions& options,
                                            const model::Adapters& adapters, const std::string& adapterKey,
                                            const model::CancelCheck& cancelled)
{
    if (options.otherJudgments.empty()) {
        throw Failure(FailureKind::Usage,
                      "Contrast D5 compares with other examples' judgments, and there are none; give it examples "
                      "whose judgments differ");
    }
    std::vector<double> sum;
    std::vector<int> count;
    for (const auto& judgment : options.otherJudgments) {
        files::Example other = example;
        other.judgment = judgment;
        ScoreOptions plainContrast = options;
        plainContrast.contrast = Contrast::D1;
        plainContrast.contexts = {Context::Plain, Context::Judged};
        if (whyLeftOut(other, plainContrast)) {
            continue;
        }
        const auto logProbs = valuesOf(score(other, plainContrast, adapters, adapterKey, cancelled), Context::Judged);
        sum.resize(std::max(sum.size(), logProbs.size()), 0.0);
        count.resize(sum.size(), 0);
        for (std::size_t i = 0; i < logProbs.size(); ++i) {
            sum[i] += logProbs[i];
            ++count[i];
        }
    }
    for (std::size_t i = 0; i < sum.size(); ++i) {
        sum[i] /= count[i];
    }
    return sum;
}

contract::ScoreLine scoreLine(const files::Example& example, const ScoreResult& result,
                              const text::ExampleEncoder& encoder)
{
    contract::ScoreLine line;
    line.id = idOf(example);
    line.promptStyle = encoder.style().name();
    for (std::size_t i = 0; i < result.ids.size(); ++i) {
        line.tokens.push_back({result.ids[i], result.ranges[i].begin, result.ranges[i].end});
    }
    for (const auto& [context, scores] : result.contexts) {
        const std::string name(contextName(context));
        line.logProb.emplace_back(name, scores.logProbs);
        line.truncated.emplace_back(name, scores.cut);
        if (!scores.ranks.empty()) {
            line.rank.emplace_back(name, scores.ranks);
            line.top.emplace_back(name, alternatives(scores, encoder.tokenizer()));
        }
    }
    for (const Context context : result.without) {
        line.logProb.emplace_back(contextName(context), std::nullopt);
    }
    if (example.judgment) {
        line.logRatio = result.logRatio;
        line.flagged.emplace(result.flagged.begin(), result.flagged.end());
    }
    line.lambda = result.lambda;
    line.contrast = result.contrast;
    return line;
}

}  // namespace stet::score
