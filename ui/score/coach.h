// The coach: one sentence about what a judgment does to a response, from numbers already at hand. Pure; words through
// tr(). The rules are plain and stated here, so that a reader can disagree with them:
//  - nothing flagged: training would imitate the response as it is; offer to leave it out.
//  - at least 60 % flagged: the judgment flags everything, it names no mistake.
//  - reads like praise, or quotes what the response lacks: annotate/judgment/judgment_reading.h, as the linter.
//  - flags no larger share than other people's judgments do: it says nothing about this response.
//  - else: how many light up, and the false-alarm share when it is known; where it is above 5 %, the λ that takes it
//    there is offered, if anything of this judgment would be left.
#pragma once

#include "annotate/judgment/types.h"

#include <QString>

namespace stet::ui {

struct CoachAdvice {
    enum class Kind { None, Fine, MovesNothing, MovesEverything, ReadsLikePraise, QuotesAbsent, NoMoreThanOthers };
    Kind kind = Kind::None;
    QString sentence;
    bool offerLeaveOut = false;
    std::optional<double> proposedLambda;  // offered: one click
    bool offerMarkQuoted = false;
};

struct CoachInput {
    QString judgment;
    QString response;
    int tokens = 0;
    int penalised = 0;  // flagged and hand-marked
    bool scored = false;
    bool stale = false;
    std::optional<double> falseAlarmShare;
    std::optional<double> proposedLambda;  // at which false alarms are 5 %
    QString instruction;                   // may be quoted as well
    int flagged = 0;                       // by the ratio alone
    int flaggedAtProposed = 0;             // would be, at the proposed λ
    int unlitQuotes = 0;                   // places that the judgment quotes and that nobody marked or cleared
};

CoachAdvice coachAdvice(const CoachInput& input);

}  // namespace stet::ui
