#include "trainer/dataset/training_set.h"

#include "base/failure.h"
#include "trainer/dataset/selection.h"
#include "trainer/detect/aligned_response.h"
#include "trainer/detect/others.h"
#include "trainer/detect/stand_ins.h"

#include <algorithm>
#include <optional>
#include <set>

namespace stet::round {

namespace {

using text::Context;

std::string noOthers(Contrast contrast)
{
    return "contrast " + std::string(contrastName(contrast)) +
        " compares with judgments of other examples, and none that differs leaves room for its response";
}

class Maker {
public:
    Maker(const files::RoundSettings& settings, const text::ExampleEncoder& encoder)
        : m_encoder(encoder), m_detection(detect::detectionOf(settings))
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
            const auto aligned = align(text);
            if (aligned.tooFewLeft) {
                reason = "fewer than 16 of its response tokens fit the model's context";
                return std::nullopt;
            }
            if (!aligned.readable()) {
                reason = "its response has no token that could be trained";
                return std::nullopt;
            }
            addReadings(example, text, aligned);
            truncated = truncated || aligned.truncated;
            contextsEqual = contextsEqual || aligned.contextsEqual;
        }
        set.truncated += truncated ? 1 : 0;
        set.contextsEqual += contextsEqual ? 1 : 0;
        return example;
    }

    // What the contrast is measured against.
    void addOthers(TrainingExample& example, const std::vector<std::string>& judgments) const
    {
        for (auto& ids :
             detect::underOtherJudgments(m_encoder, example.source, judgments, m_detection, example.tokens)) {
            example.others.push_back({std::move(ids.prompt), std::move(ids.response)});
        }
    }

private:
    detect::AlignedResponse align(const TextPlan& text) const
    {
        std::vector<Context> contexts;
        for (const auto& use : text.uses) {
            contexts.push_back(use.context);
        }
        // The response's ids are those after the plain prompt, whatever context they are read in.
        return contexts.front() == Context::Judging
            ? detect::align(m_encoder.encodeJudgment(text.example, m_detection.encoding()), text.example.marks)
            : detect::alignedResponse(m_encoder, text.example, contexts, m_detection);
    }

    static void addReadings(TrainingExample& example, const TextPlan& text, const detect::AlignedResponse& aligned)
    {
        if (example.readings.empty()) {
            example.marks = aligned.marks;
            example.words = aligned.words;
        }
        for (const auto& use : text.uses) {
            const auto& ids = aligned.contexts.at(use.context);
            example.readings.push_back({use.key, use.use, {ids.prompt, ids.response}, aligned.tokens});
        }
        example.tokens += aligned.tokens;
    }

    const text::ExampleEncoder& m_encoder;
    detect::DetectionSettings m_detection;
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
    const OtherJudgments others = detect::otherJudgments(file.examples, settings.seed);
    const double ratio = objective.takesAllAccepted() ? -1 : settings.positiveRatio;
    for (const std::size_t index : downSample(lines, ratio, settings.seed)) {
        std::string reason;
        auto example = maker.make(lines[index], objective.plan(lines[index]), set, reason);
        if (!example) {
            set.leftOut.push_back({lines[index].id, reason});
            continue;
        }
        if (example->criticised && objective.otherJudgments() > 0) {
            auto judgments = others.of(lines[index].line, lines[index].judgment, objective.otherJudgments());
            if (!comparesWithOthers(settings.contrast)) {
                detect::fillWithStandIns(judgments, lines[index].judgment, objective.otherJudgments());
            }
            maker.addOthers(*example, judgments);
            if (example->others.empty() && comparesWithOthers(settings.contrast)) {
                set.leftOut.push_back({example->source.id, noOthers(settings.contrast)});
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
