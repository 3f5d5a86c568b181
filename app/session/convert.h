// Between the worker's JSON and the window's values. Pure; wrong or missing fields give empty values, never a crash.
#pragma once

#include "annotate/judgment/types.h"
#include "base/json.h"

#include <QString>

namespace stet::app {

// A line of `score` → values for the heat-map. Non-finite numbers (null) become NaN.
annotate::TokenScores scoresFrom(const Json& line);

// A round/progress notification → one point of the curves; nullopt when it carries no step.
std::optional<annotate::RoundStep> stepFrom(const Json& params);

// round/preview's result → what will train.
annotate::RoundPlan planFrom(const Json& preview);

// compare's {"summary"} → values; missing numbers are NaN.
annotate::CompareSummary summaryFrom(const Json& summary);

QString qstr(const std::string& text);

}  // namespace stet::app
