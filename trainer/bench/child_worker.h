// Another worker started as the window starts it, for `bench`: this very program with `serve`, asked over its pipes.
// One thread; blocks. Ended with the object.
#pragma once

#include "base/json.h"

#include <cstdint>
#include <string>

#include <sys/types.h>

namespace stet::bench {

class ChildWorker {
public:
    ChildWorker();  // Failure(Internal) when it can't be started
    ~ChildWorker();
    ChildWorker(const ChildWorker&) = delete;
    ChildWorker& operator=(const ChildWorker&) = delete;

    // The result. Failure(Internal) in the words of its error, or when it ended.
    Json ask(const std::string& method, const Json& params);

private:
    std::string readLine();

    pid_t m_process = -1;
    int m_toChild = -1;
    int m_fromChild = -1;
    std::int64_t m_nextId = 1;
    std::string m_unread;
};

}  // namespace stet::bench
