#include "trainer/round/detection_summary.h"

#include "trainer/dataset/calibration.h"
#include "trainer/dataset/reference_pass.h"
#include "trainer/detect/detection_settings.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace stet::round {

namespace {

constexpr std::size_t kMostFrequent = 10;
constexpr double kNearlyAll = 0.8;

std::vector<contract::FrequentToken> frequent(const std::map<std::int64_t, std::int64_t>& counts,
                                              const text::Tokenizer& tokenizer)
{
    std::map<std::string, std::int64_t> byText;  // " Sure" and "Sure" are two
    for (const auto& [id, count] : counts) {
        byText[tokenizer.tokenText(id)] += count;
    }
    std::vector<std::pair<std::string, std::int64_t>> ordered(byText.begin(), byText.end());
    std::stable_sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    ordered.resize(std::min(ordered.size(), kMostFrequent));
    std::vector<contract::FrequentToken> list;
    for (const auto& [text, count] : ordered) {
        list.push_back({text, count});
    }
    return list;
}

// Of the tokens of all lists; NaN without one.
double shareFlagged(const files::RoundSettings& settings, const std::vector<std::vector<double>>& logRatios)
{
    std::size_t tokens = 0;
    std::ptrdiff_t found = 0;
    for (const auto& list : logRatios) {
        tokens += list.size();
        found += std::count_if(list.begin(), list.end(),
                               [&](double ratio) { return flagged(settings.contrast, ratio, settings.lambda); });
    }
    return static_cast<double>(found) / static_cast<double>(tokens);
}

void addFalseAlarms(contract::DetectionSummary& summary, const files::RoundSettings& settings,
                    const std::vector<TrainingExample>& examples)
{
    const auto alarms = falseAlarmsOf(settings, examples);
    if (alarms.tokens() == 0) {
        return;
    }
    summary.lambda = settings.lambda;
    summary.falseAlarmShare = alarms.share(settings.lambda);
    for (const auto& example : examples) {
        // What flags nothing is told apart already.
        const double own = shareFlagged(settings, {example.startRatios.own});
        if (own > 0 && own < shareFlagged(settings, example.startRatios.others)) {
            summary.unspecific.push_back(idOf(example.source));
        }
    }
}

// How much of what a judgment pushes down is its own: a token counts as far as the others leave it dark.
// pushed: 0 or 1 per token.
contract::JudgmentFlags flagsOf(const files::RoundSettings& settings, const TrainingExample& example,
                                const std::vector<char>& pushed)
{
    contract::JudgmentFlags judged{idOf(example.source), 0, 0, std::nullopt};
    const auto& others = example.startRatios.others;
    double own = 0;
    for (std::size_t i = 0; i < pushed.size(); ++i) {
        if (pushed[i] == 0) {
            continue;
        }
        const auto lit = std::count_if(others.begin(), others.end(), [&](const std::vector<double>& ratios) {
            return flagged(settings.contrast, ratios[i], settings.lambda);
        });
        const double probability = std::exp(example.startRatios.logP[i]);
        ++judged.flagged;
        judged.mass += probability;
        own += others.empty() ? 0 : probability * (1 - static_cast<double>(lit) / static_cast<double>(others.size()));
    }
    if (!others.empty() && judged.mass > 0) {
        judged.ownShare = own / judged.mass;
    }
    return judged;
}

}  // namespace

contract::DetectionSummary detectionSummary(RoundSetup& setup, const std::function<void()>& between)
{
    files::RoundSettings settings = setup.settings;
    settings.flags = files::FlagTime::Start;
    auto examples = setup.set.examples;
    const auto objective = makeObjective(settings);
    const StepContext context{*setup.decoder,         *objective, settings, setup.adapters.terms(),
                              setup.microBatchTokens, nullptr,    between};
    referencePass(context, examples);
    if (settings.falseAlarmRate) {
        settings.lambda = calibrate(settings, *settings.falseAlarmRate, examples);
    }
    std::map<std::int64_t, std::int64_t> counts;
    contract::DetectionSummary summary;
    summary.criticised = setup.set.criticised;
    for (const auto& example : examples) {
        if (example.flags.empty()) {
            continue;
        }
        const auto push = pushed(detect::detectionOf(settings).push, example.flags, example.words);
        const auto& response = example.readings.front().sequence.response;
        const std::size_t skipped = response.size() - example.flags.size();  // cut from the left
        for (std::size_t i = 0; i < example.flags.size(); ++i) {
            if (push[i] != 0) {
                ++counts[response[skipped + i]];
            }
        }
        const auto& judged = summary.judgments.emplace_back(flagsOf(settings, example, push));
        summary.tokens += static_cast<std::int64_t>(example.flags.size());
        summary.flagged += judged.flagged;
        if (judged.flagged == 0) {
            summary.nothing.push_back(judged.id);
        } else if (static_cast<double>(std::count(example.flags.begin(), example.flags.end(), 1)) >
                   kNearlyAll * static_cast<double>(example.flags.size())) {
            summary.nearlyAll.push_back(judged.id);
        }
    }
    addFalseAlarms(summary, settings, examples);
    summary.frequent = frequent(counts, *text::Tokenizer::load(setup.settings.model));
    return summary;
}

}  // namespace stet::round
