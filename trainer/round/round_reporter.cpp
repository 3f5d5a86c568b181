#include "trainer/round/round_reporter.h"

#include <algorithm>

namespace stet::round {

void Announcer::phase(Phase phase) const
{
    if (m_hooks.onPhase) {
        m_hooks.onPhase(phase);
    }
}

void Announcer::warn(const std::string& text)
{
    if (std::find(m_warnings.begin(), m_warnings.end(), text) != m_warnings.end()) {
        return;
    }
    m_warnings.push_back(text);
    if (m_hooks.onWarning) {
        m_hooks.onWarning(text);
    }
}

void Announcer::warn(const std::vector<std::string>& texts)
{
    for (const auto& text : texts) {
        warn(text);
    }
}

}  // namespace stet::round
