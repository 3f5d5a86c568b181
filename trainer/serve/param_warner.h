// Warns of params that no method knows, by name, on the log: each once, because live scoring asks many times a minute.
// One thread.
#pragma once

#include "contract/message.h"

#include <set>
#include <string>

namespace stet::serve {

class ParamWarner {
public:
    // Unknown methods are passed over: their reply says so.
    void check(const contract::Request& request);

private:
    std::set<std::string> m_said;
};

}  // namespace stet::serve
