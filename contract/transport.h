// How messages travel between window and worker, apart from what they say: pipes (trainer/serve/line_transport.h), or
// a queue in memory, by which tests run the server in their own process.
#pragma once

#include "contract/message.h"

#include <functional>

namespace stet::contract {

class Transport {
public:
    virtual ~Transport() = default;

    // Whole or not at all; any thread. What can't be sent any more is dropped: the end of input follows.
    virtual void send(const Message& message) = 0;
    virtual void send(const Malformed& malformed) = 0;

    struct Incoming {
        std::function<void(const Message&)> message;
        std::function<void(const Malformed&)> malformed;  // a line that is no message
        std::function<bool()> leave;                      // asked between two messages, a few times a second
    };
    // Hands over what comes, in its order, on the calling thread; returns at the end of input or when told to leave.
    virtual void loop(const Incoming& incoming) = 0;
};

}  // namespace stet::contract
