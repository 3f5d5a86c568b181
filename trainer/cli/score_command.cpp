#include "base/failure.h"
#include "trainer/detect/false_alarms.h"
#include "trainer/detect/others.h"
#include "trainer/score/scorer.h"
#include "trainer/cli/command_line.h"
#include "trainer/cli/command_model.h"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <sstream>

namespace stet::cli {

namespace {

struct ScoreArguments {
    CommonOptions common;
    std::string contexts = "plain,judged";
    DetectionArguments detection;
    std::string promptStyle = "auto";
    score::ScoreOptions score;
    std::optional<double> falseAlarmRate;  // none: no control
    std::size_t shuffles = 2;
};

std::vector<text::Context> parseContexts(const std::string& list)
{
    std::vector<text::Context> contexts;
    std::istringstream stream(list);
    for (std::string name; std::getline(stream, name, ',');) {
        const auto context = text::contextFromName(name);
        if (!context) {
            throw Failure(FailureKind::Usage,
                          "context '" + name + "' is unknown; known: plain, judged, praised, blank, correction");
        }
        contexts.push_back(*context);
    }
    return contexts;
}

// The file's own flags, and the control: the same responses under judgments of others.
struct Totals {
    explicit Totals(Contrast contrast) : falseAlarms(contrast) { }

    Json json(const ScoreArguments& arguments) const
    {
        const auto number = [](double value) { return std::isfinite(value) ? Json(value) : Json(); };
        return {
            {"responses", responses},
            {"tokens", tokens},
            {"lambda", arguments.score.detection.lambda},
            {"flagged_share", tokens > 0 ? Json(static_cast<double>(flagged) / static_cast<double>(tokens)) : Json()},
            {"false_alarm_share", number(falseAlarms.share(arguments.score.detection.lambda))},
            {"false_alarm_rate", *arguments.falseAlarmRate},
            {"lambda_proposed", number(falseAlarms.lambdaFor(*arguments.falseAlarmRate))},
            {"shuffles", arguments.shuffles}};
    }

    std::int64_t responses = 0;
    std::int64_t tokens = 0;
    std::int64_t flagged = 0;
    detect::FalseAlarms falseAlarms;
};

// What is compared with other judgments of the file is refused before the weights are read.
OtherJudgments othersOf(const files::ExampleFile& file, const ScoreArguments& arguments)
{
    OtherJudgments others = detect::otherJudgments(file.examples, arguments.common.seed);
    const Contrast contrast = arguments.score.detection.contrast;
    for (const auto& example : file.examples) {
        if (comparesWithOthers(contrast) && example.judgment && others.of(example.line, example.judgment, 1).empty()) {
            throw badInput(arguments.common.in + ": contrast " + std::string(contrastName(contrast)) +
                           " compares with other examples' judgments, and '" + example.id +
                           "' has none that differs from its own; add judged examples, or use D1");
        }
    }
    return others;
}

class ScoreRun {
public:
    explicit ScoreRun(ScoreArguments& arguments)
        : m_arguments(arguments)
        , m_file(readSome(arguments.common.in, true))
        , m_results(arguments.common.out, arguments.common.in)
        , m_others(othersOf(m_file, arguments))
        , m_model(loadForCommand(arguments.common, arguments.promptStyle))
        , m_adapters(m_model.adapters(arguments.common.adapter))
        , m_key(serve::LoadedModel::adapterKey(arguments.common.adapter))
        , m_scorer(m_model.decoder(), m_model.encoder())
        , m_totals(arguments.score.detection.contrast)
    {
    }

    void run()
    {
        sayWarnings(m_model.encoder().end().warnings);
        Progress progress("scoring", m_arguments.common);
        for (const auto& example : m_file.examples) {
            const auto options = optionsFor(example);
            if (const auto reason = m_scorer.whyLeftOut(example, options)) {
                std::cerr << "left out: " << *reason << '\n';
            } else {
                const auto result = m_scorer.score(example, options, m_adapters, m_key, interrupted);
                m_results.line(toJson(score::scoreLine(example, result, m_model.encoder())));
                count(example, result);
            }
            progress.update(example.line + 1, static_cast<std::int64_t>(m_file.examples.size()));
        }
        if (m_arguments.falseAlarmRate) {
            if (m_totals.falseAlarms.tokens() == 0) {
                std::cerr << "no rate of false alarms: " << m_arguments.common.in
                          << " needs judgments of at least two examples that differ\n";
            }
            m_results.line({{"summary", m_totals.json(m_arguments)}});
        }
        m_results.finish();
    }

private:
    score::ScoreOptions optionsFor(const files::Example& example) const
    {
        score::ScoreOptions options = m_arguments.score;
        options.otherJudgments =
            m_others.of(example.line, example.judgment, detect::othersOf(options.detection.contrast));
        return options;
    }

    void count(const files::Example& example, const score::ScoreResult& result)
    {
        if (!m_arguments.falseAlarmRate || !example.judgment) {
            return;
        }
        ++m_totals.responses;
        const auto& flags = result.detection.flagged;
        m_totals.tokens += static_cast<std::int64_t>(flags.size());
        m_totals.flagged += std::count(flags.begin(), flags.end(), 1);
        for (const auto& judgment : m_others.of(example.line, example.judgment, m_arguments.shuffles)) {
            files::Example shuffled = example;
            shuffled.judgment = judgment;
            auto options = optionsFor(shuffled);
            options.top = 0;
            if (!m_scorer.whyLeftOut(shuffled, options)) {
                const auto scored = m_scorer.score(shuffled, options, m_adapters, m_key, interrupted);
                m_totals.falseAlarms.add(scored.detection.logRatios);
            }
        }
    }

    ScoreArguments& m_arguments;
    files::ExampleFile m_file;
    Results m_results;
    OtherJudgments m_others;
    serve::LoadedModel m_model;
    model::Adapters m_adapters;
    std::string m_key;
    score::Scorer m_scorer;
    Totals m_totals;
};

void run(ScoreArguments& arguments)
{
    arguments.score.detection = arguments.detection.settings();
    arguments.score.contexts = parseContexts(arguments.contexts);
    ScoreRun(arguments).run();
}

}  // namespace

void addScore(CLI::App& program, Action& action)
{
    auto arguments = std::make_shared<ScoreArguments>();
    CLI::App* command = program.add_subcommand("score", "Log-probability of every response token under each context");
    addModelOptions(*command, arguments->common);
    addAdapterOption(*command, arguments->common);
    addInOut(*command, arguments->common);
    addProgressOption(*command, arguments->common);
    command
        ->add_option("--contexts", arguments->contexts, "of plain, judged, praised, blank, correction; comma-separated")
        ->capture_default_str();
    addDetection(*command, arguments->detection);
    command->add_option("--top", arguments->score.top, "alternatives per token")
        ->capture_default_str()
        ->check(CLI::Range(0, 1000));
    command
        ->add_option(
            "--false-alarm-rate", arguments->falseAlarmRate,
            "also score under judgments of other examples and propose a lambda that flags this share of their tokens")
        ->check(from(0.0, 1.0));
    command->add_option("--shuffles", arguments->shuffles, "judgments of others per example, for the rate")
        ->capture_default_str()
        ->check(CLI::Range(1, 100));
    command->get_option("--shuffles")->needs("--false-alarm-rate");
    addPromptStyle(*command, arguments->promptStyle);
    command->callback([arguments, &action] { action = [arguments] { run(*arguments); }; });
}

}  // namespace stet::cli
