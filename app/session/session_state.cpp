#include "app/session/session_state.h"

#include <utility>

namespace stet::app {

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

void SessionState::setContrast(const std::string& contrast)
{
    if (std::exchange(m_contrast, contrast) != contrast) {
        Q_EMIT contrastChanged();
    }
}

}  // namespace stet::app
