#include "app/session/session_state.h"

#include <utility>

namespace stet::app {

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

void SessionState::setLambda(double lambda)
{
    if (std::exchange(m_lambda, lambda) != lambda) {
        Q_EMIT lambdaChanged();
    }
}

void SessionState::setDetection(const contract::Detection& detection)
{
    if (std::exchange(m_detection, detection) != detection) {
        Q_EMIT detectionChanged();
    }
}

}  // namespace stet::app
