#include "trainer/compare/compare.h"

#include "trainer/detect/others.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <limits>
#include <map>
#include <set>
#include <sstream>

namespace stet::compare {

namespace {

using contract::ComparedLine;
using contract::ComparedSide;
using files::Example;
using text::Context;

// A mean that is no number when nothing was added.
class Mean {
public:
    void add(double value)
    {
        m_sum += value;
        ++m_count;
    }
    double value() const
    {
        return m_count == 0 ? std::numeric_limits<double>::quiet_NaN() : m_sum / static_cast<double>(m_count);
    }

private:
    double m_sum = 0;
    std::int64_t m_count = 0;
};

struct SideMeans {
    Mean criticisedFlagged;
    Mean praised;
    Mean length;
    Mean repeated;
};

class Comparison {
public:
    Comparison(const model::Decoder& decoder, const text::ExampleEncoder& encoder, const CompareOptions& options,
               const CompareHooks& hooks)
        : m_decoder(decoder), m_encoder(encoder), m_options(options), m_hooks(hooks), m_scorer(decoder, encoder)
    {
    }

    contract::CompareSummary run(const std::vector<Example>& examples, const Side& before, const Side& after)
    {
        m_total = 2 * static_cast<std::int64_t>(examples.size());
        std::vector<ComparedLine> lines(examples.size());
        for (std::size_t i = 0; i < examples.size(); ++i) {
            lines[i].id = idOf(examples[i]);
        }
        // Flags are the before model's: the same tokens are followed on both sides.
        const auto answers = answer(examples, before, &ComparedLine::before, lines, m_before);
        answer(examples, after, &ComparedLine::after, lines, m_after);
        for (const auto& [index, sequence] : answers) {
            if (examples[index].control) {
                addDivergence(sequence, before, after, lines[index]);
            }
        }
        scoreGiven(examples, before, after, lines);
        for (const auto& line : lines) {
            if (m_hooks.onLine) {
                m_hooks.onLine(line);
            }
        }
        const auto both = [](const Mean& a, const Mean& b) { return contract::BeforeAfter{a.value(), b.value()}; };
        contract::CompareSummary summary;
        summary.criticisedFlaggedLogProb = both(m_before.criticisedFlagged, m_after.criticisedFlagged);
        summary.praisedLogProb = both(m_before.praised, m_after.praised);
        summary.controlKl = both(m_noKl, m_kl);
        summary.length = both(m_before.length, m_after.length);
        summary.repetition = both(m_before.repeated, m_after.repeated);
        return summary;
    }

private:
    void progress()
    {
        ++m_done;
        if (m_hooks.onProgress) {
            m_hooks.onProgress(m_done, m_total);
        }
    }

    // Lines without output are answered. Returns what was said by line.
    std::map<std::size_t, score::Sequence> answer(const std::vector<Example>& examples, const Side& side,
                                                  ComparedSide ComparedLine::*field, std::vector<ComparedLine>& lines,
                                                  SideMeans& means)
    {
        std::map<std::size_t, score::Sequence> answers;
        std::vector<model::GenerateItem> items;
        std::vector<std::size_t> owners;
        for (std::size_t i = 0; i < examples.size(); ++i) {
            if (!examples[i].output) {
                items.push_back({examples[i].id, m_encoder.promptIds(Context::Plain, examples[i])});
                owners.push_back(i);
            }
        }
        model::GenerateEvents events;
        events.cancelled = m_hooks.cancelled;
        events.onDone = [&](std::size_t, const model::Generated&) { progress(); };
        const auto results =
            model::generate(m_decoder, side.adapters, items, m_encoder.end().stopIds, m_options.generate, events);
        for (std::size_t i = 0; i < results.size(); ++i) {
            const std::string output = m_encoder.tokenizer().decode(results[i].ids, true);
            ComparedSide& said = lines[owners[i]].*field;
            said.output = output;
            said.tokens = static_cast<std::int64_t>(results[i].ids.size());
            said.stopped = results[i].stoppedByLength ? contract::Stopped::Length : contract::Stopped::Eos;
            means.length.add(static_cast<double>(results[i].ids.size()));
            means.repeated.add(repetition(output));
            auto& sequence = answers[owners[i]];
            sequence = {items[i].prompt, results[i].ids};
            if (!results[i].stoppedByLength) {
                sequence.response.push_back(m_encoder.end().id);
            }
        }
        return answers;
    }

    score::ScoreOptions optionsFor(const Example& example, const OtherJudgments& others) const
    {
        score::ScoreOptions options = m_options.score;
        if (example.judgment) {
            options.otherJudgments =
                others.of(example.line, example.judgment, detect::othersOf(options.detection.contrast));
        }
        return options;
    }

    std::optional<std::string> whyLeftOut(const Example& example, const score::ScoreOptions& options) const
    {
        const Contrast contrast = options.detection.contrast;
        if (comparesWithOthers(contrast) && example.judgment && options.otherJudgments.empty()) {
            return "contrast " + std::string(contrastName(contrast)) +
                " compares with other examples' judgments, and there is none that differs";
        }
        return m_scorer.whyLeftOut(example, options);
    }

    void scoreGiven(const std::vector<Example>& examples, const Side& before, const Side& after,
                    std::vector<ComparedLine>& lines)
    {
        const OtherJudgments others = detect::otherJudgments(examples, m_options.generate.seed);
        for (std::size_t i = 0; i < examples.size(); ++i) {
            const Example& example = examples[i];
            if (!example.output) {
                continue;
            }
            const score::ScoreOptions options = optionsFor(example, others);
            if (const auto reason = whyLeftOut(example, options)) {
                lines[i].leftOut = *reason;
                progress();
                progress();
                continue;
            }
            const auto old = m_scorer.score(example, options, before.adapters, before.key, m_hooks.cancelled);
            progress();
            const auto fresh = m_scorer.score(example, options, after.adapters, after.key, m_hooks.cancelled);
            progress();
            const auto& oldPlain = old.contexts.at(Context::Plain).logProbs;
            const auto& freshPlain = fresh.contexts.at(Context::Plain).logProbs;
            lines[i].before.logProb = oldPlain;
            lines[i].after.logProb = freshPlain;
            if (example.control) {
                const auto encoded = m_encoder.encode(example, {Context::Plain}, options.detection.encoding());
                const auto& ids = encoded.contexts.at(Context::Plain);
                addDivergence({ids.prompt, ids.response}, before, after, lines[i]);
            } else if (example.judgment) {
                addFlagged(old, oldPlain, freshPlain);
            } else {
                m_before.praised.add(meanOf(oldPlain));
                m_after.praised.add(meanOf(freshPlain));
            }
        }
    }

    void addFlagged(const score::ScoreResult& old, const std::vector<double>& oldPlain,
                    const std::vector<double>& freshPlain)
    {
        for (std::size_t t = 0; t < old.detection.flagged.size(); ++t) {
            if (old.detection.flagged[t] != 0) {
                m_before.criticisedFlagged.add(oldPlain[t]);
                m_after.criticisedFlagged.add(freshPlain[t]);
            }
        }
    }

    static double meanOf(const std::vector<double>& values)
    {
        double sum = 0;
        for (const double value : values) {
            sum += value;
        }
        return values.empty() ? 0 : sum / static_cast<double>(values.size());
    }

    // Mean over positions of KL(before ‖ after), in nats.
    void addDivergence(const score::Sequence& sequence, const Side& before, const Side& after, ComparedLine& line)
    {
        const c10::InferenceMode inference;
        const auto distributions = [&](const Side& side) {
            return score::responseDistributions(m_decoder, side.adapters, {sequence}, m_hooks.cancelled).front().all;
        };
        const at::Tensor p = distributions(before);
        const at::Tensor q = distributions(after);
        const double kl = (p.exp() * (p - q)).sum(-1).mean().item<double>();
        line.kl = kl;
        m_noKl.add(0);  // of the model before to itself
        m_kl.add(kl);
    }

    const model::Decoder& m_decoder;
    const text::ExampleEncoder& m_encoder;
    const CompareOptions& m_options;
    const CompareHooks& m_hooks;
    score::Scorer m_scorer;
    SideMeans m_before;
    SideMeans m_after;
    Mean m_noKl;
    Mean m_kl;
    std::int64_t m_done = 0;
    std::int64_t m_total = 0;
};

}  // namespace

contract::CompareSummary compare(const model::Decoder& decoder, const text::ExampleEncoder& encoder,
                                 const std::vector<Example>& examples, const Side& before, const Side& after,
                                 const CompareOptions& options, const CompareHooks& hooks)
{
    return Comparison(decoder, encoder, options, hooks).run(examples, before, after);
}

double repetition(const std::string& text)
{
    std::istringstream stream(text);
    std::vector<std::string> words;
    for (std::string word; stream >> word;) {
        words.push_back(word);
    }
    constexpr std::size_t kGram = 4;
    if (words.size() <= kGram) {
        return 0;
    }
    std::set<std::vector<std::string>> seen;
    std::size_t repeated = 0;
    const std::size_t grams = words.size() - kGram + 1;
    for (std::size_t i = 0; i < grams; ++i) {
        const auto begin = words.begin() + static_cast<std::ptrdiff_t>(i);
        repeated += seen.insert({begin, begin + kGram}).second ? 0 : 1;
    }
    return static_cast<double>(repeated) / static_cast<double>(grams);
}

}  // namespace stet::compare
