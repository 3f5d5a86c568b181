// Between the worker's JSON and the window's values. Pure; wrong or missing fields give empty values, never a crash.
#pragma once

#include "annotate/exchange/import.h"
#include "annotate/judgment/types.h"
#include "base/json.h"
#include "contract/model.h"
#include "contract/round.h"

#include <QString>

namespace stet::app {

// A line of `score` → values for the heat-map. Non-finite numbers (null) become NaN.
annotate::TokenScores scoresFrom(const Json& line);

contract::RoundProgress progressFrom(const std::string& params);
// One point of the curves; nullopt when it carries no step.
std::optional<annotate::RoundStep> stepFrom(const contract::RoundProgress& progress);

// Of round.json: "optimizer.lr" → "0.0003".
std::map<std::string, std::string> settingsByName(const Json& settings);

// round/preview's result → what will train.
annotate::RoundPlan planFrom(const Json& preview);

// round/flags's result → what is pushed down, without the instructions, which the project knows.
annotate::RoundPlan::Flags flagsFrom(const Json& summary);

// compare's {"summary"} → values; missing numbers are NaN.
annotate::CompareSummary summaryFrom(const Json& summary);

QString qstr(const std::string& text);

// What came in by an import, in a sentence or three.
QString importedText(const annotate::ImportResult& result);

// The worker's reason for its device, in the person's language where it is one of those it is known to give.
QString deviceReason(const std::string& reason);

// The start page's line of a greeted worker (worker/hello): the device that will be used, what is free there, and why.
QString hardwareLine(const contract::Hello& hello, int cores);

// What a model folder is called on screen: its own name, or the project's where that name says nothing.
QString modelName(const QString& folder, const QString& project);

}  // namespace stet::app
