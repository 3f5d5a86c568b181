// What the window asks the worker of the response on screen: params of score/run that make it detect as the chosen
// preset's next round would. Pure; any thread.
#pragma once

#include "annotate/judgment/types.h"
#include "base/json.h"
#include "contract/score.h"

#include <string>
#include <vector>

namespace stet::app {

struct ScoreSubject {
    const annotate::ResponseItem& item;
    const std::string& judgment;           // as it stands in the box; empty: none
    const std::string& adapter;            // empty: base
    const contract::Detection& detection;  // RoundInput::detection
    double lambda = kDefaultLambda;
    const std::vector<std::string>& others;  // RoundInput::otherJudgments
};

// Marks are not sent: the window knows them, and they change without a new score. Others go along where the contrast is
// measured against them, and otherwise, fewer, for false alarms.
Json scoreParams(const ScoreSubject& subject, bool withFalseAlarms);

}  // namespace stet::app
