#include "trainer/serve/line_transport.h"

#include "base/json_lines.h"

#include <cerrno>

#include <poll.h>
#include <unistd.h>

namespace stet::serve {

using namespace contract;

namespace {

constexpr int kPatienceMs = 200;  // between two questions whether to leave

void handOver(const std::string& line, const Transport::Incoming& incoming)
{
    const auto decoded = decode(line);
    if (const auto* malformed = std::get_if<Malformed>(&decoded)) {
        incoming.malformed(*malformed);
    } else {
        incoming.message(std::get<Message>(decoded));
    }
}

}  // namespace

void LineTransport::write(std::string line)
{
    line += "\n";
    const std::lock_guard lock(m_mutex);
    std::size_t done = 0;
    while (done < line.size()) {
        const ssize_t written = ::write(m_output, line.data() + done, line.size() - done);
        if (written < 0 && errno == EAGAIN) {
            pollfd output = {m_output, POLLOUT, 0};
            ::poll(&output, 1, -1);
        } else if (written < 0 && errno != EINTR) {
            return;  // the reader is gone
        }
        done += written > 0 ? static_cast<std::size_t>(written) : 0;
    }
}

void LineTransport::loop(const Incoming& incoming)
{
    LineBuffer lines(kMaxLineBytes);
    char piece[1 << 16];
    while (!incoming.leave()) {
        pollfd input = {m_input, POLLIN, 0};
        if (::poll(&input, 1, kPatienceMs) <= 0) {
            continue;
        }
        const ssize_t got = ::read(m_input, piece, sizeof piece);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return;
        }
        lines.feed({piece, static_cast<std::size_t>(got)});
        while (const auto line = lines.take()) {
            handOver(*line, incoming);
        }
        if (lines.takeOverflow()) {
            incoming.malformed({kInvalidRequest, "a message longer than 16 MiB was dropped", Json()});
        }
    }
}

}  // namespace stet::serve
