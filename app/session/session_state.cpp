#include "app/session/session_state.h"

#include "annotate/store/project.h"

#include <utility>

namespace stet::app {

WhatLightsUp WhatLightsUp::of(const annotate::Project& project)
{
    const std::string preset = project.setting("preset", "stable");
    return {project.detection(preset), project.threshold(preset)};
}

void SessionState::setModelLoaded(bool loaded, const QString& problem)
{
    m_modelLoaded = loaded;
    m_modelProblem = problem;
}

void SessionState::adopt(int round, std::string adapter)
{
    m_currentRound = round;
    m_adapter = std::move(adapter);
    Q_EMIT adopted(round);
}

void SessionState::setThreshold(const annotate::Threshold& threshold)
{
    const auto before = std::exchange(m_threshold, threshold);
    if (before.lambda != threshold.lambda) {
        Q_EMIT lambdaChanged();
    }
    if (before != threshold) {
        Q_EMIT thresholdChanged();
    }
}

void SessionState::setLambda(double lambda)
{
    annotate::Threshold chosen = m_threshold;
    chosen.lambda = lambda;
    chosen.falseAlarmRate.reset();
    setThreshold(chosen);
}

void SessionState::takeOver(const WhatLightsUp& now)
{
    if (std::exchange(m_detection, now.detection) != now.detection) {
        Q_EMIT detectionChanged();
    }
    setThreshold(now.threshold);
}

}  // namespace stet::app
