// Messages over two file descriptors, one per line: the real transport of `stet-trainer serve`. loop() on one thread,
// send() on any. Borrows the descriptors.
#pragma once

#include "contract/transport.h"

#include <mutex>
#include <string>

namespace stet::serve {

class LineTransport : public contract::Transport {
public:
    LineTransport(int input, int output) : m_input(input), m_output(output) { }

    void send(const contract::Message& message) override { write(encode(message)); }
    void send(const contract::Malformed& malformed) override { write(encode(malformed)); }
    void loop(const Incoming& incoming) override;

private:
    void write(std::string line);

    int m_input;
    int m_output;
    std::mutex m_mutex;
};

}  // namespace stet::serve
