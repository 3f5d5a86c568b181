#include "tests/ui/samples.h"

#include "base/utf8.h"

#include <cmath>

namespace stet::test {

annotate::TokenScores scoresFor(const std::vector<int>& ends, const std::vector<double>& ratios)
{
    annotate::TokenScores scores;
    int begin = 0;
    for (std::size_t i = 0; i < ends.size(); ++i) {
        const double ratio = std::log(ratios[i]);
        // Spread the plain probabilities a little, as a real model does.
        const double plain = std::log(0.25 + 0.7 * std::fabs(std::sin(1.7 * static_cast<double>(i) + 0.4)));
        const double bounded = std::min(plain, -ratio - 0.01);
        scores.begins.push_back(begin);
        scores.ends.push_back(ends[i]);
        scores.plain.push_back(bounded);
        scores.judged.push_back(bounded + ratio);
        scores.praised.push_back(bounded - 0.05);
        scores.logRatio.push_back(ratio);
        scores.plainRank.push_back(bounded > -1 ? 1 : 3);
        scores.judgedRank.push_back(bounded + ratio > -1 ? 1 : 2);
        scores.plainTop.push_back({{"Sure", bounded}, {" The", -2.1}, {"\n", -3.2}, {" A", -3.9}, {" It", -4.4}});
        scores.judgedTop.push_back(
            {{"Sure", bounded + ratio}, {" Mara", -2.5}, {" She", -3.3}, {" The", -4.1}, {"!", -5.0}});
        begin = ends[i];
    }
    return scores;
}

std::vector<int> wordEnds(const std::string& utf8)
{
    const auto starts = codePointStarts(utf8);
    const int length = static_cast<int>(starts.size()) - 1;
    std::vector<int> ends;
    for (int i = 1; i < length; ++i) {
        const char c = utf8[starts[static_cast<std::size_t>(i)]];
        const bool breaks = c == ' ' || c == '\n' || c == '.' || c == ',' || c == '!';
        if (breaks) {
            ends.push_back(i);
        }
    }
    ends.push_back(length);
    ends.push_back(length);  // the end of the sequence
    return ends;
}

annotate::ResponseItem sampleItem()
{
    annotate::ResponseItem item;
    item.id = {37};
    item.externalId = "37";
    item.instruction = "Introduce: name Mara Velt, job baker, city Lunden, likes rye bread, has two cats.";
    item.output = "Sure! Mara Velt is a baker from Lunden. She likes rye bread, and she has three cats.\n"
                  "She opens her shop at five in the morning and closes it when the last loaf is sold.";
    item.judgment = "Don't open with \"Sure!\", just answer; and she has two cats, not three.";
    item.verdict = annotate::Verdict::Criticised;
    item.judgedBy = {annotate::AuthorKind::Person, {}, {}, {}};
    item.hint = "Don't open with \"Sure!\", just answer.";
    return item;
}

annotate::TokenScores sampleScores()
{
    const auto ends = wordEnds(sampleItem().output);
    std::vector<double> ratios(ends.size());
    for (std::size_t i = 0; i < ratios.size(); ++i) {
        ratios[i] = std::exp(0.06 * std::sin(2.3 * static_cast<double>(i)) - 0.02);
    }
    ratios[0] = 27;    // Sure
    ratios[1] = 1.6;   // !
    ratios[2] = 0.55;  // Mara
    ratios[3] = 1.12;
    ratios[17] = 8.5;
    ratios[18] = 0.7;
    auto scores = scoresFor(ends, ratios);
    scores.plain[8] = -9;
    scores.judged[8] = -8.9;
    scores.falseAlarmShare = 0.12;
    scores.proposedLambda = 1.31;
    return scores;
}

std::vector<annotate::ResponseSummary> sampleQueue(int count)
{
    const char* const instructions[] = {"Introduce: name Mara Velt, job baker, city Lunden, likes rye bread",
                                        "Add 27 and 48",
                                        "Sort: pear, apple, quince, fig",
                                        "Reply to: Can we meet on Thursday?",
                                        "How many grams are three kilograms?",
                                        "List four things found in a kitchen"};
    const annotate::Verdict verdicts[] = {annotate::Verdict::Criticised, annotate::Verdict::Criticised,
                                          annotate::Verdict::Accepted,   annotate::Verdict::Open,
                                          annotate::Verdict::Open,       annotate::Verdict::Skipped};
    std::vector<annotate::ResponseSummary> rows;
    for (int i = 0; i < count; ++i) {
        annotate::ResponseSummary row;
        row.id = {i + 1};
        row.instruction = instructions[i % 6];
        row.verdict = verdicts[(i * 7 + i / 6) % 6];
        row.hasDraft = i % 11 == 3;
        row.bookmarked = i % 13 == 4;
        rows.push_back(row);
    }
    return rows;
}

std::vector<annotate::RoundStep> sampleSteps(int steps, int done)
{
    std::vector<annotate::RoundStep> result;
    for (int k = 1; k <= done; ++k) {
        const double x = static_cast<double>(k) / steps;
        annotate::RoundStep step;
        step.step = k;
        step.steps = steps;
        step.likelihood = 0.9 * std::exp(-3 * x) + 0.21 + 0.03 * std::sin(k * 1.3);
        step.unlikelihood = 2.4 * std::exp(-4 * x) + 0.15 + 0.08 * std::sin(k * 0.9);
        step.loss = step.likelihood + step.unlikelihood;
        step.flaggedShare = 0.16 * std::exp(-1.1 * x) + 0.01 * std::sin(k * 2.1);
        step.gradNorm = 1.2 * std::exp(-2 * x) + 0.2 + 0.1 * std::fabs(std::sin(k * 1.9));
        step.learningRate = 2e-3 * (k < steps / 10 ? k / (steps / 10.0) : 0.5 * (1 + std::cos(3.14159 * x)));
        step.secondsLeft = (steps - k) * 2.1;
        result.push_back(step);
    }
    return result;
}

annotate::RoundPlan sampleRoundPlan()
{
    annotate::RoundPlan plan;
    plan.criticised = 64;
    plan.accepted = 16;
    plan.acceptedTotal = 82;
    plan.steps = 60;
    plan.minutes = 2;
    plan.gigabytes = 0.4;
    plan.settings = {{"optimizer.lr", "0.0009656"}, {"epochs", "8"},     {"batch_size", "8"},
                     {"positive_ratio", "0.25"},    {"imitate", "0.25"}, {"seed", "42"}};
    plan.leftOut = {"1 response is longer than the model can read."};
    plan.flags = annotate::RoundPlan::Flags{412,
                                            {{" Sure", 64}, {"!", 40}},
                                            {"Introduce: name Mara Velt", "Add 27 and 48", "Sort: pear, fig"},
                                            {},
                                            {},
                                            0.82,
                                            1.36};
    return plan;
}

}  // namespace stet::test
