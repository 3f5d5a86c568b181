#include "trainer/dataset/training_set.h"

#include "base/failure.h"
#include "trainer/dataset/selection.h"
#include "trainer/score/other_judgments.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <set>

namespace stet::round {

namespace {

using text::Context;

constexpr const char* kNoOthers =
    "contrast D5 compares with judgments of other examples, and none that differs leaves room for its response";

// Marks of the tokens that count: tail truncation keeps the beginning of the response, left truncation its end.
std::vector<int> keptMarks(const text::EncodedExample& encoded, const std::vector<files::Mark>& source,
                           std::int64_t tokens)
{
    const auto end = encoded.ranges.begin() +
        std::min<std::ptrdiff_t>(encoded.responseKept, static_cast<std::ptrdiff_t>(encoded.ranges.size()));
    const auto begin = end - std::clamp<std::ptrdiff_t>(tokens, 0, end - encoded.ranges.begin());
    return text::markedTokens(source, {begin, end});
}

class Maker {
public:
    Maker(const files::RoundSettings& settings, const text::ExampleEncoder& encoder)
        : m_encoder(encoder)
        , m_options{settings.maxLength,
                    settings.truncate == files::TruncateSide::Left ? text::Truncate::Left : text::Truncate::Tail}
    {
    }

    // The line as it trains, its truncation counted in `set`; when it can't, `reason` says why.
    std::optional<TrainingExample> make(const files::Example& line, const std::vector<TextPlan>& texts,
                                        TrainingSet& set, std::string& reason) const
    {
        TrainingExample example;
        example.source = line;
        example.criticised = line.judgment.has_value();
        bool truncated = false;
        bool contextsEqual = false;
        for (const TextPlan& text : texts) {
            const auto encoded = encode(text);
            if (m_options.truncate == text::Truncate::Tail && encoded.truncated && !text::worthKeeping(encoded)) {
                reason = "fewer than 16 of its response tokens fit the model's context";
                return std::nullopt;
            }
            if (addReadings(example, text, encoded) < 1) {
                reason = "its response has no token that could be trained";
                return std::nullopt;
            }
            truncated = truncated || encoded.truncated;
            contextsEqual = contextsEqual || encoded.contextsEqual;
        }
        for (const ContextSequence& reading : example.readings) {
            example.cost = std::max(example.cost, reading.sequence.length());
        }
        example.cost *= static_cast<std::int64_t>(example.readings.size());
        set.truncated += truncated ? 1 : 0;
        set.contextsEqual += contextsEqual ? 1 : 0;
        return example;
    }

    // Contrast D5. A judgment that leaves no room for every token that trains is passed over.
    void addOthers(TrainingExample& example, const std::vector<std::string>& judgments) const
    {
        for (const auto& judgment : judgments) {
            files::Example other = example.source;
            other.judgment = judgment;
            const auto encoded = m_encoder.encode(other, {Context::Plain, Context::Judged}, m_options);
            const auto& ids = encoded.contexts.at(Context::Judged);
            score::Sequence sequence{ids.prompt, ids.response};
            if (sequence.predicted() < example.tokens) {
                continue;
            }
            if (m_options.truncate == text::Truncate::Tail) {
                sequence.response.resize(static_cast<std::size_t>(example.tokens));
            }
            example.others.push_back(std::move(sequence));
        }
    }

private:
    text::EncodedExample encode(const TextPlan& text) const
    {
        std::vector<Context> contexts;
        for (const auto& use : text.uses) {
            contexts.push_back(use.context);
        }
        // The response's ids are those after the plain prompt, whatever context they are read in.
        return contexts.front() == Context::Judging ? m_encoder.encodeJudgment(text.example, m_options)
                                                    : m_encoder.encode(text.example, contexts, m_options);
    }

    // Left truncation may drop response tokens in one context alone; contexts are aligned by their ends. Returns the
    // tokens that count.
    static std::int64_t addReadings(TrainingExample& example, const TextPlan& text, const text::EncodedExample& encoded)
    {
        const std::size_t first = example.readings.size();
        std::int64_t tokens = std::numeric_limits<std::int64_t>::max();
        for (const auto& use : text.uses) {
            const auto& ids = encoded.contexts.at(use.context);
            example.readings.push_back({use.key, use.use, {ids.prompt, ids.response}, 0});
            tokens = std::min(tokens, example.readings.back().sequence.predicted());
        }
        for (std::size_t i = first; i < example.readings.size(); ++i) {
            example.readings[i].tokens = tokens;
        }
        if (first == 0) {
            example.marks = keptMarks(encoded, text.example.marks, tokens);
        }
        example.tokens += tokens;
        return tokens;
    }

    const text::ExampleEncoder& m_encoder;
    text::EncoderOptions m_options;
};

// Lines the objective can train on; the others are reported.
std::vector<files::Example> usable(const std::vector<files::Example>& lines, const Objective& objective,
                                   TrainingSet& set)
{
    std::vector<files::Example> kept;
    for (const auto& line : lines) {
        const std::string reason = objective.lacking(line);
        if (reason.empty()) {
            kept.push_back(line);
        } else {
            set.leftOut.push_back({line.id, reason});
        }
    }
    return kept;
}

void refuseWithoutNeed(const std::string& path, const Objective& objective, const files::RoundSettings& settings,
                       const std::vector<files::Example>& lines)
{
    const bool criticised = std::any_of(lines.begin(), lines.end(), [](const auto& e) { return e.judgment; });
    if (!lines.empty() && (criticised || !objective.needsCriticised())) {
        return;
    }
    const Need need = objective.need();
    const std::string name = "objective '" + files::objectiveName(settings.objective) + "'";
    throw badInput(path + " holds nothing to train on: " +
                   (lines.empty() ? name + " needs " + need.what + ", and the file has none"
                                  : "every response is accepted, and " + name + " needs " + need.what) +
                   "; " + need.next);
}

void addAnchors(TrainingSet& set, const std::vector<files::Example>& lines, const files::RoundSettings& settings,
                const Maker& maker)
{
    std::set<int> training;
    for (const auto& example : set.examples) {
        training.insert(example.source.line);
    }
    TrainingSet uncounted;
    for (const auto& line : lines) {
        const bool rest = settings.anchor.answers == files::AnchorAnswers::Rest;
        if (line.judgment || !line.output || (rest && training.contains(line.line))) {
            continue;
        }
        std::string reason;
        if (auto anchor = maker.make(line, {{line, {{"anchor", Context::Plain}}}}, uncounted, reason)) {
            set.anchors.push_back(std::move(*anchor));
        } else {
            set.leftOut.push_back({line.id, "as an anchor: " + reason});
        }
    }
    if (set.anchors.empty()) {
        throw badInput(
            "Field 'anchor' of round.json: no accepted response is left to hold on to; set anchor.answers to "
            "\"all\", accept some responses, or remove 'anchor'");
    }
}

}  // namespace

TrainingSet makeTrainingSet(const std::string& examplesPath, const files::RoundSettings& settings,
                            const Objective& objective, const text::ExampleEncoder& encoder)
{
    const auto file = files::readExamples(examplesPath, objective.needsOutput());
    TrainingSet set;
    set.warnings = file.warnings;
    const auto& end = encoder.end().warnings;
    set.warnings.insert(set.warnings.end(), end.begin(), end.end());
    set.acceptedTotal = static_cast<int>(
        std::count_if(file.examples.begin(), file.examples.end(), [](const auto& e) { return !e.judgment; }));
    const auto lines = usable(file.examples, objective, set);
    refuseWithoutNeed(examplesPath, objective, settings, lines);
    const Maker maker(settings, encoder);
    const score::OtherJudgments others(file.examples, settings.seed);
    const double ratio = objective.takesAllAccepted() ? -1 : settings.positiveRatio;
    for (const std::size_t index : downSample(lines, ratio, settings.seed)) {
        std::string reason;
        auto example = maker.make(lines[index], objective.plan(lines[index]), set, reason);
        if (!example) {
            set.leftOut.push_back({lines[index].id, reason});
            continue;
        }
        if (example->criticised && objective.otherJudgments() > 0) {
            maker.addOthers(*example, others.of(lines[index], objective.otherJudgments()));
            if (example->others.empty()) {
                set.leftOut.push_back({example->source.id, kNoOthers});
                continue;
            }
        }
        (example->criticised ? set.criticised : set.accepted) += 1;
        set.examples.push_back(std::move(*example));
    }
    if (set.examples.empty() || (objective.needsCriticised() && set.criticised == 0)) {
        throw badInput(
            examplesPath + ": every " + (objective.needsCriticised() ? "criticised response" : "line") +
            " was left out" +
            (set.leftOut.empty() ? "" : "; of '" + set.leftOut.back().id + "': " + set.leftOut.back().reason));
    }
    if (settings.anchor.kind != files::AnchorKind::None) {
        addAnchors(set, file.examples, settings, maker);
    }
    return set;
}

contract::RoundTotals totalsOf(const TrainingSet& set)
{
    contract::RoundTotals totals;
    totals.examples = static_cast<std::int64_t>(set.examples.size());
    totals.criticised = set.criticised;
    totals.accepted = set.accepted;
    totals.acceptedTotal = set.acceptedTotal;
    totals.truncated = set.truncated;
    totals.contextsEqual = set.contextsEqual;
    for (const auto& one : set.leftOut) {
        totals.leftOut.push_back({one.id, one.reason});
    }
    totals.anchors = static_cast<std::int64_t>(set.anchors.size());
    return totals;
}

}  // namespace stet::round
