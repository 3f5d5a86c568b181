#include "trainer/score/scorer.h"

#include "base/failure.h"
#include "base/sha256.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cmath>

namespace stet::score {

namespace {

constexpr std::size_t kCachedContexts = 64;
// In one pass: as many as the longest context that the estimate of scoring's memory counts with.
constexpr std::int64_t kTokensAtOnce = 2048;

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
        for (const Context context : detect::contextsOf(options.detection.contrast)) {
            addUnique(contexts, context);
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

std::string leftOutReason(const files::Example& example, const detect::AlignedResponse& response)
{
    if (response.wholeTokens == 0) {
        return "'" + example.id + "' can't be scored: its output is empty, and 'stopped' says that it has no end";
    }
    return "'" + example.id + "' can't be scored: its instruction" +
        (example.judgment ? " and judgment leave" : " leaves") + " room for " + std::to_string(response.tokens) +
        " of its response's " + std::to_string(response.wholeTokens) +
        " tokens (max_length and the model's context limit it); shorten it";
}

std::string noOthersReason(const files::Example& example, const ScoreOptions& options)
{
    return "'" + example.id + "' can't be scored: contrast " + std::string(contrastName(options.detection.contrast)) +
        " compares with judgments of other examples, and none of them leaves room for its response; shorten it";
}

// The last n of one context's numbers: contexts are aligned by their ends.
template <typename Value> void keepLast(std::vector<Value>& values, std::int64_t n)
{
    values.erase(values.begin(), values.end() - std::min(static_cast<std::ptrdiff_t>(n), std::ssize(values)));
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

// The contexts of an example and its other judgments in as few passes as memory for one whole context allows.
void Scorer::read(const Plan& plan, int top, const Reader& reader)
{
    struct Missing {
        std::string key;
        int top;
    };
    std::vector<Missing> missing;
    std::vector<Sequence> sequences;  // of each
    const auto want = [&](const text::ContextIds& ids, int wanted) {
        const Sequence sequence{ids.prompt, ids.response};
        const std::string key = keyOf(sequence, wanted, reader.adapterKey);
        const auto same = [&](const Missing& other) { return other.key == key; };
        if (const auto found = m_cache.find(key); found != m_cache.end()) {
            m_recent.splice(m_recent.begin(), m_recent, found->second);  // not to be forgotten for what is read now
        } else if (std::none_of(missing.begin(), missing.end(), same)) {
            missing.push_back({key, wanted});
            sequences.push_back(sequence);
        }
    };
    for (const auto& [context, ids] : plan.response.contexts) {
        want(ids, top);
    }
    for (const auto& ids : plan.others) {
        want(ids, 0);
    }
    for (const auto& batch : model::batchesWithin(sequences, kTokensAtOnce)) {
        std::vector<Sequence> together;
        for (const std::size_t index : batch) {
            together.push_back(sequences[index]);
        }
        // One at least for the ranks' sake: the same pass gives both, so that asking for alternatives changes no
        // number.
        auto read = responseTopTokens(m_decoder, reader.adapters, together, std::max(1, top), reader.cancelled);
        for (std::size_t i = 0; i < batch.size(); ++i) {
            ContextScores scores;
            scores.logProbs = std::move(read[i].logProbs);
            if (missing[batch[i]].top > 0) {
                scores.ranks = std::move(read[i].ranks);
                scores.top = std::move(read[i].top);
            }
            keep(missing[batch[i]].key, std::move(scores));
        }
    }
}

void Scorer::keep(const std::string& key, ContextScores scores)
{
    m_recent.emplace_front(key, std::move(scores));
    m_cache[key] = m_recent.begin();
}

void Scorer::forgetTheOldest()
{
    while (m_recent.size() > kCachedContexts) {
        m_cache.erase(m_recent.back().first);
        m_recent.pop_back();
    }
}

const ContextScores& Scorer::scoresOf(const text::ContextIds& ids, int top, const Reader& reader)
{
    const auto found = m_cache.find(keyOf({ids.prompt, ids.response}, top, reader.adapterKey));
    if (found == m_cache.end()) {
        throw Failure(FailureKind::Internal, "A context that was read is not kept");
    }
    return found->second->second;
}

Scorer::Plan Scorer::plan(const files::Example& example, const ScoreOptions& options) const
{
    const auto& detection = options.detection;
    Plan plan{detect::alignedResponse(m_encoder, example, contextsFor(example, options), detection), {}, {}};
    if (!plan.response.readable()) {
        plan.leftOut = leftOutReason(example, plan.response);
        return plan;
    }
    const std::size_t others = example.judgment ? detect::othersOf(detection.contrast) : 0;
    if (others > 0 && !options.otherJudgments.empty()) {
        plan.others =
            detect::underOtherJudgments(m_encoder, example, options.otherJudgments, detection, plan.response.tokens);
        if (plan.others.empty()) {
            plan.leftOut = noOthersReason(example, options);
        }
    }
    return plan;
}

std::optional<std::string> Scorer::whyLeftOut(const files::Example& example, const ScoreOptions& options) const
{
    return plan(example, options).leftOut;
}

ScoreResult Scorer::score(const files::Example& example, const ScoreOptions& options, const model::Adapters& adapters,
                          const std::string& adapterKey, const model::CancelCheck& cancelled)
{
    const c10::InferenceMode inference;
    const auto& detection = options.detection;
    if (example.judgment && detect::othersOf(detection.contrast) > 0 && options.otherJudgments.empty()) {
        throw Failure(FailureKind::Usage,
                      "Contrast " + std::string(contrastName(detection.contrast)) +
                          " compares with other examples' judgments, and there are none; give it examples whose "
                          "judgments differ");
    }
    const Plan plan = this->plan(example, options);
    if (plan.leftOut) {
        throw badInput(*plan.leftOut);
    }
    const Reader reader{adapters, adapterKey, cancelled};
    forgetTheOldest();  // what is read now stays until the next
    read(plan, options.top, reader);
    ScoreResult result;
    result.ids = plan.response.ids;
    result.ranges = plan.response.ranges;
    result.words = plan.response.words;
    result.settings = detection;
    for (const auto& [context, ids] : plan.response.contexts) {
        ContextScores& scores = result.contexts[context];
        scores = scoresOf(ids, options.top, reader);
        scores.cut = ids.cut;
        keepLast(scores.logProbs, plan.response.tokens);
        keepLast(scores.ranks, plan.response.tokens);
        keepLast(scores.top, plan.response.tokens);
    }
    if (example.judgment) {
        result.detection = detect::detect(detection, plan.response.marks, contrastInput(result, plan, reader));
        result.marked = !example.marks.empty() || detection.marks != MarksUse::Union;
        return result;
    }
    for (const Context context : options.contexts) {
        if (result.contexts.count(context) == 0) {
            addUnique(result.without, context);
        }
    }
    addUnique(result.without, Context::Judged);
    return result;
}

detect::ContrastInput Scorer::contrastInput(const ScoreResult& result, const Plan& plan, const Reader& reader)
{
    detect::ContrastInput input;
    input.words = plan.response.words;
    for (const Context context : detect::contextsOf(result.settings.contrast)) {
        input.contexts[context] = result.contexts.at(context).logProbs;
    }
    for (const auto& ids : plan.others) {
        input.others.push_back(scoresOf(ids, 0, reader).logProbs);
        keepLast(input.others.back(), plan.response.tokens);
    }
    return input;
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
        const auto& detection = result.detection;
        line.logRatio = detection.logRatios;
        line.flagged.emplace(detection.flagged.begin(), detection.flagged.end());
        if (result.marked) {
            line.penalised.emplace(detection.penalised.begin(), detection.penalised.end());
            line.marksUse = result.settings.marks;
        }
        if (result.settings.push != Push::All) {
            line.push = result.settings.push;
            line.pushed.emplace(detection.pushed.begin(), detection.pushed.end());
            line.words = result.words;
        }
    }
    line.lambda = result.settings.lambda;
    line.contrast = result.settings.contrast;
    return line;
}

}  // namespace stet::score
