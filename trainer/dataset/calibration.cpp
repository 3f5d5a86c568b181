#include "trainer/dataset/calibration.h"

#include "base/failure.h"

#include <cmath>

namespace stet::round {

detect::FalseAlarms falseAlarmsOf(const files::RoundSettings& settings, const std::vector<TrainingExample>& examples)
{
    detect::FalseAlarms alarms(settings.contrast);
    for (const auto& example : examples) {
        for (const auto& under : example.startRatios.others) {
            // What is measured against others has what they have in common taken out already.
            comparesWithOthers(settings.contrast) ? alarms.add(under) : alarms.add(under, example.startRatios.own);
        }
    }
    return alarms;
}

double calibrate(const files::RoundSettings& settings, double rate, std::vector<TrainingExample>& examples)
{
    const double lambda = falseAlarmsOf(settings, examples).lambdaFor(rate, kDefaultLambda);
    if (std::isnan(lambda)) {
        throw badInput(
            "'false_alarm_rate' can't be turned into a lambda: there is no response that other judgments leave "
            "room for; give a 'lambda' instead");
    }
    for (auto& example : examples) {
        for (std::size_t i = 0; i < example.startRatios.own.size(); ++i) {
            const int mark = i < example.marks.size() ? example.marks[i] : 0;
            const bool found = flagged(settings.contrast, example.startRatios.own[i], lambda);
            example.flags[i] = penalised(settings.marks, mark, found) ? 1 : 0;
        }
    }
    return lambda;
}

}  // namespace stet::round
