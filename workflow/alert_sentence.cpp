// What an alert is called in files, and how it reads in the terminal.
#include "workflow/round_alerts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace stet::workflow {

using annotate::AlertKind;
using annotate::RoundAlert;

namespace {

// %1 is the number before, %2 after, %3 the opening. Of NotANumber %1 is the step, %2 the one that is kept.
struct Words {
    AlertKind kind;
    const char* name;
    const char* sentence;
};

constexpr std::array<Words, 11> kWords = {{
    {AlertKind::NotANumber, "not-a-number",
     "The loss at step %1 is not a number, and the round stopped there. What was trained until step %2 is kept: finish "
     "with it (--keep), or lower the learning rate (optimizer.lr) and train anew."},
    {AlertKind::FlaggedMore, "flagged-more",
     "Training pushed down %2 of the tokens of criticised responses, where the plan said %1. Look at what lights up, "
     "and "
     "raise the threshold before the next round."},
    {AlertKind::FlaggedClimbs, "flagged-climbs",
     "In its last pass the round pushed down %2 of the tokens of criticised responses, in its first %1: it began to "
     "condemn more than was judged. Compare, and try the preset stable."},
    {AlertKind::LearntByHeart, "learnt-by-heart",
     "The loss of a token fell from %1 in the first pass to %2: the round knows its responses by heart. Compare on "
     "held-out instructions, and train fewer epochs or on more responses."},
    {AlertKind::CriticisedLikelier, "criticised-likelier",
     "Criticised words became likelier instead of rarer: a probability of %1 before, %2 after. Go back to the model "
     "before, and look at what lights up under the judgments."},
    {AlertKind::AcceptedLessLikely, "accepted-less-likely",
     "Accepted responses became less likely: a token has a probability of %1 before, %2 after. Go back to the model "
     "before, and accept more responses before the next round."},
    {AlertKind::Shorter, "shorter",
     "Responses to held-out instructions became much shorter: %1 tokens before, %2 after. Read some in the comparison; "
     "unless a judgment asked for it, go back to the model before."},
    {AlertKind::Longer, "longer",
     "Responses to held-out instructions became much longer: %1 tokens before, %2 after. Read some in the comparison; "
     "unless a judgment asked for it, go back to the model before."},
    {AlertKind::Endless, "endless",
     "Responses no longer come to an end: %1 were cut off before, %2 after. Go back to the model before, and train "
     "fewer epochs or on more responses."},
    {AlertKind::Repeating, "repeating",
     "Responses repeat themselves: of four words in a row %1 had been there already before, %2 after. Go back to the "
     "model before, and train fewer epochs or on more responses."},
    {AlertKind::OneOpening, "one-opening",
     "Responses begin alike, with \"%3\": %1 before, %2 after. Read some in the comparison; unless a judgment asked "
     "for "
     "it, go back to the model before."},
}};

const Words& wordsOf(AlertKind kind)
{
    return *std::find_if(kWords.begin(), kWords.end(), [kind](const Words& one) { return one.kind == kind; });
}

std::string filled(std::string text, const std::array<std::string, 3>& values)
{
    for (std::size_t i = 0; i < values.size(); ++i) {
        const char place[] = {'%', static_cast<char>('1' + i), '\0'};
        if (const auto at = text.find(place); at != std::string::npos) {
            text.replace(at, 2, values[i]);
        }
    }
    return text;
}

// At most three digits.
std::string numberOf(AlertKind kind, double number)
{
    char text[32];
    switch (kind) {
    case AlertKind::CriticisedLikelier:
    case AlertKind::AcceptedLessLikely:
    case AlertKind::LearntByHeart:
    case AlertKind::Shorter:
    case AlertKind::Longer:
        std::snprintf(text, sizeof text, "%.3g", number);
        break;
    default:
        std::snprintf(text, sizeof text, "%ld %%", std::lround(100 * number));
    }
    return text;
}

std::string notANumber(const RoundAlert& alert)
{
    const char* text = wordsOf(alert.kind).sentence;
    if (!alert.bad) {
        text =
            "The loss at step %1 is not a number, and the round stopped there. It has what was trained until step %2: "
            "compare before it is adopted.";
    } else if (alert.keptStep == 0) {
        text =
            "The loss at step %1 is not a number, and the round stopped there. Nothing of it was saved yet: lower the "
            "learning rate (optimizer.lr) and train anew.";
    }
    return filled(text, {std::to_string(alert.step), std::to_string(alert.keptStep), {}});
}

}  // namespace

std::string alertName(AlertKind kind)
{
    return wordsOf(kind).name;
}

std::optional<AlertKind> alertKind(const std::string& name)
{
    const auto* known = std::find_if(kWords.begin(), kWords.end(), [&](const Words& one) { return name == one.name; });
    return known == kWords.end() ? std::nullopt : std::optional(known->kind);
}

std::string alertSentence(const RoundAlert& alert)
{
    if (alert.kind == AlertKind::NotANumber) {
        return notANumber(alert);
    }
    const char* text = wordsOf(alert.kind).sentence;
    if (alert.kind == AlertKind::FlaggedMore && !std::isfinite(alert.before)) {
        text = "Training pushed down %2 of the tokens of criticised responses. Look at what lights up, and raise the "
               "threshold before the next round.";
    }
    return filled(text, {numberOf(alert.kind, alert.before), numberOf(alert.kind, alert.after), alert.opening});
}

}  // namespace stet::workflow
