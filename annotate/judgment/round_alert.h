// What a round gives cause to look at before its model is used: a kind with the numbers that tell it, as the watch
// (workflow/round_watch.h) stores it beside the round and the window shows it. Plain values.
#pragma once

#include <limits>
#include <string>

namespace stet::annotate {

enum class AlertKind {
    NotANumber,          // the loss of a step was none, and the round stopped there
    FlaggedMore,         // training pushed down a much larger share of words than the plan said
    FlaggedClimbs,       // … a larger one in its last pass than in its first
    LearntByHeart,       // the loss of what it learns from is all but nothing
    CriticisedLikelier,  // criticised words, in the comparison
    AcceptedLessLikely,  // accepted responses
    Shorter,             // answers to what is held out: much, than before
    Longer,
    Endless,     // many of them no longer end by themselves
    Repeating,   // they say the same words again and again
    OneOpening,  // most begin alike, which they did not
};

struct RoundAlert {
    static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

    AlertKind kind = AlertKind::NotANumber;
    bool bad = true;        // else something to know
    double before = kNone;  // of the kind: a share, a probability, tokens, nats; of FlaggedMore the plan's share
    double after = kNone;
    int step = 0;         // of NotANumber
    int keptStep = 0;     // of NotANumber: the newest checkpoint's, or, not bad, where the round was ended; 0: none
    std::string opening;  // of OneOpening

    bool operator==(const RoundAlert&) const = default;
};

}  // namespace stet::annotate
