// What a round says while it runs: phases, and warnings, each once, which report.json repeats. Made for one round, used
// by its pieces on the compute thread; borrows the caller's hooks.
#pragma once

#include "trainer/round/round.h"

#include <string>
#include <vector>

namespace stet::round {

class Announcer {
public:
    explicit Announcer(const RoundHooks& hooks) : m_hooks(hooks) { }

    void phase(Phase phase) const;
    void warn(const std::string& text);
    void warn(const std::vector<std::string>& texts);

    const std::vector<std::string>& warnings() const { return m_warnings; }

private:
    const RoundHooks& m_hooks;
    std::vector<std::string> m_warnings;
};

}  // namespace stet::round
