#include "app/session/score_params.h"

#include "annotate/judgment/example.h"
#include "base/other_judgments.h"

#include <algorithm>

namespace stet::app {

namespace {

constexpr int kTopTokens = 5;
constexpr std::size_t kFalseAlarmJudgments = 4;

}  // namespace

Json scoreParams(const ScoreSubject& subject, bool withFalseAlarms)
{
    const auto& item = subject.item;
    contract::ScoreRequest request;
    request.example = annotate::exampleOf(item);
    request.example.marks.clear();
    contract::setId(request.example, std::to_string(item.id.value));
    // An accepted response has no judgment; an empty box of an open one neither.
    request.example.judgment = subject.judgment.empty() ? std::nullopt : std::optional(subject.judgment);
    request.adapter = subject.adapter;
    request.scoring.detection = subject.detection;
    request.scoring.detection.lambda = subject.lambda;
    request.scoring.top = kTopTokens;
    const bool compared = comparesWithOthers(subject.detection.contrast.value_or(Contrast::D1));
    if (request.example.judgment && (compared || withFalseAlarms)) {
        auto others = subject.others;
        std::erase(others, subject.judgment);
        others.resize(std::min(others.size(), compared ? kOtherJudgments : kFalseAlarmJudgments));
        request.scoring.otherJudgments = std::move(others);
    }
    return toJson(request);
}

}  // namespace stet::app
