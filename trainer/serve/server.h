// `stet-trainer serve`: answers the window's requests over a transport.
//
// Two threads. The reader takes messages, answers hello at once and hears cancels and stops; the compute thread owns
// model and device and takes requests from a queue. While a round trains, requests to score are served between two
// micro-batches; what they compute can't touch the round's bytes. End of input = checkpoint a running round and leave.
#pragma once

#include "contract/transport.h"
#include "trainer/serve/request_queue.h"
#include "trainer/serve/served_model.h"

#include <atomic>
#include <functional>
#include <set>
#include <string>

namespace stet::serve {

class Server {
public:
    // leave: asked a few times a second; true ends as the end of input does. Borrows the transport.
    Server(contract::Transport& transport, std::function<bool()> leave);

    // On the calling thread, which becomes the compute thread; returns when the input has ended and all is answered.
    void run();

private:
    void bindAtOnce();
    void read();
    void refuse(const contract::Malformed& malformed);
    void handle(const contract::Message& message);
    void hear(const contract::Notification& notification);
    void receive(const contract::Request& request);
    void answerAtOnce(const contract::Request& request);
    void warnOfUnknown(const contract::Request& request);
    void answer(const QueuedRequest& queued);
    contract::Reply replyTo(const QueuedRequest& queued, const MethodContext& context);

    contract::Transport& m_transport;
    std::function<bool()> m_leave;
    ServedModel m_model;
    HandlerTable m_methods;
    RequestQueue m_queue;
    std::set<std::string> m_said;  // warnings, each once: live scoring asks many times a minute
    int m_answering = 0;           // one request within another
    std::atomic<bool> m_leaving{false};
    std::atomic<std::int64_t> m_served{0};
};

// On the real standard input and output; returns the exit code. Points descriptor 1 at standard error first: only the
// protocol writes to the real one.
int runServer();

}  // namespace stet::serve
