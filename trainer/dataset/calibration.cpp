#include "trainer/dataset/calibration.h"

#include "base/failure.h"
#include "trainer/detect/detection.h"

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
    detect::DetectionSettings detection = detect::detectionOf(settings);
    detection.lambda = lambda;
    for (auto& example : examples) {
        if (!example.startRatios.own.empty()) {
            example.flags = detect::detect(detection, example.marks, example.words, example.startRatios.own).penalised;
        }
    }
    return lambda;
}

}  // namespace stet::round
