#include "trainer/serve/server.h"

#include "base/json_lines.h"
#include "base/log.h"
#include "trainer/model/device.h"
#include "trainer/serve/failure_report.h"
#include "trainer/serve/methods.h"
#include "trainer/serve/param_warner.h"
#include "trainer/serve/request_queue.h"
#include "trainer/serve/signals.h"

#include <ATen/DeviceAccelerator.h>

#include <cerrno>
#include <cstdio>
#include <mutex>
#include <thread>

#include <poll.h>
#include <unistd.h>

namespace stet::serve {

namespace {

using namespace contract;

// The real standard output. Whole lines only; any thread.
class Output {
public:
    explicit Output(int descriptor) : m_descriptor(descriptor) { }

    template <typename Content> void send(const Content& content)
    {
        const std::string line = encode(content) + "\n";
        const std::lock_guard lock(m_mutex);
        std::size_t done = 0;
        while (done < line.size()) {
            const ssize_t written = ::write(m_descriptor, line.data() + done, line.size() - done);
            if (written < 0 && errno == EAGAIN) {
                pollfd output = {m_descriptor, POLLOUT, 0};
                ::poll(&output, 1, -1);
            } else if (written < 0 && errno != EINTR) {
                return;  // the window is gone; end of input follows
            }
            done += written > 0 ? static_cast<std::size_t>(written) : 0;
        }
    }

private:
    int m_descriptor;
    std::mutex m_mutex;
};

class Server {
public:
    explicit Server(int output) : m_output(output) { }

    int run()
    {
        std::thread reader([this] { read(); });
        while (auto queued = m_queue.take()) {
            answer(*queued);
        }
        reader.join();
        return 0;
    }

private:
    void read()
    {
        LineBuffer lines(kMaxLineBytes);
        char piece[1 << 16];
        while (!m_leaving) {
            pollfd input = {STDIN_FILENO, POLLIN, 0};
            const int ready = ::poll(&input, 1, 200);
            if (interrupted()) {
                break;
            }
            if (ready <= 0) {
                continue;
            }
            const ssize_t got = ::read(STDIN_FILENO, piece, sizeof piece);
            if (got < 0 && errno == EINTR) {
                continue;
            }
            if (got <= 0) {
                break;
            }
            lines.feed({piece, static_cast<std::size_t>(got)});
            while (const auto line = lines.take()) {
                handle(*line);
            }
            if (lines.takeOverflow()) {
                refuse({kInvalidRequest, "a message longer than 16 MiB was dropped", Json()});
            }
        }
        // End of input or a signal: a running round is checkpointed, everything else is given up.
        m_queue.giveUp();
        m_queue.close();
    }

    void refuse(const Malformed& malformed)
    {
        // The reason may quote what people wrote, which is not logged.
        log::warning("A message could not be read: " +
                     (malformed.code == kParseError ? std::string("it is not JSON") : malformed.reason));
        m_output.send(malformed);
    }

    void handle(const std::string& line)
    {
        const auto decoded = decode(line);
        if (const auto* malformed = std::get_if<Malformed>(&decoded)) {
            refuse(*malformed);
            return;
        }
        const auto& message = std::get<Message>(decoded);
        if (const auto* notification = std::get_if<Notification>(&message)) {
            hear(*notification);
        } else if (const auto* request = std::get_if<Request>(&message)) {
            receive(*request);
        } else {
            log::warning("A reply came that nobody asked for; it is ignored");
        }
    }

    void hear(const Notification& notification)
    {
        if (notification.method != method::kCancel) {
            log::warning("There is no notification '" + notification.method + "'; it is ignored");
            return;
        }
        try {
            const auto id = optionalInteger(notification.params, "id", method::kCancel);
            if (id && m_queue.cancel(*id)) {
                m_output.send(Reply{*id, Error{kCancelled, "Cancelled"}});
            }
        } catch (const Failure& failure) {
            log::warning(failure.what());
        }
    }

    // On the reader's thread: what must be answered at once; the rest is queued.
    void receive(const Request& request)
    {
        m_warner.check(request);
        if (Methods::knows(request.method)) {
            m_queue.push(request);
            return;
        }
        try {
            m_output.send(Reply{request.id, answerAtOnce(request)});
        } catch (const Failure& failure) {
            m_output.send(Reply{request.id, Error{kInvalidParams, failure.what()}});
        }
    }

    std::variant<Json, Error> answerAtOnce(const Request& request)
    {
        if (request.method == method::kHello) {
            return request.params.contains("protocol") ? greeting() : hello();
        }
        if (request.method == method::kRoundStop) {
            return Json{{"rounds", m_queue.stopRounds(dirOf(request), stopOf(request))}};
        }
        if (request.method == method::kRoundSave) {
            return Json{{"rounds", m_queue.saveRounds(dirOf(request))}};
        }
        if (request.method == method::kShutdown) {
            m_leaving = true;
            return Json::object();
        }
        return Error{kMethodNotFound, "There is no method '" + request.method + "'"};
    }

    static std::string dirOf(const Request& request)
    {
        return optionalString(request.params, "dir", request.method).value_or("");
    }

    static round::Stop stopOf(const Request& request)
    {
        const auto how = optionalString(request.params, "how", request.method).value_or("pause");
        if (how != "pause" && how != "keep" && how != "discard") {
            throw badInput(request.method + ": 'how' must be pause, keep or discard");
        }
        return how == "keep" ? round::Stop::Keep : how == "discard" ? round::Stop::Discard : round::Stop::Pause;
    }

    static Json devices()
    {
        Json names = {"cpu"};
        const int count = model::loadAccelerator().usable ? at::accelerator::deviceCount() : 0;
        for (int i = 0; i < count; ++i) {
            names.push_back("cuda:" + std::to_string(i));
        }
        return names;
    }

    Json hello() const
    {
        return {{"protocol", kVersion},      {"version", STET_VERSION},
                {"build", STET_BUILD},       {"libtorch", "2.11.0"},
                {"served", m_served.load()}, {"capabilities", {"score", "generate", "round", "compare"}}};
    }

    // Asked once. A sign of life never asks a GPU anything: its driver may be what hangs.
    Json greeting() const
    {
        const model::Compute compute = model::resolveCompute({}, "");
        Json said = hello();
        said["devices"] = devices();
        said["device"] = compute.device.str();
        said["device_reason"] = compute.reason;
        said["free_memory"] = model::freeMemory(compute.device);
        return said;
    }

    // Exactly one final reply.
    void answer(const QueuedRequest& queued)
    {
        const auto& request = queued.request;
        MethodContext context;
        context.notify = [&](const std::string& name, Json params) {
            params["request"] = request.id;
            m_output.send(Notification{name, std::move(params)});
        };
        auto& control = *queued.control;
        context.cancelled = [&] { return control.cancelled.load(); };
        context.serveInteractive = [&] {
            while (const auto other = m_queue.takeInteractive()) {
                answer(*other);
            }
        };
        context.roundStop = [&] { return control.stop.load(); };
        context.roundSave = [&] { return control.save.exchange(false); };
        m_output.send(replyTo(queued, context));
        m_queue.finished(request.id);
        ++m_served;
    }

    Reply replyTo(const QueuedRequest& queued, const MethodContext& context)
    {
        const auto id = queued.request.id;
        try {
            if (queued.control->cancelled) {
                throw model::Cancelled();
            }
            return {id, m_methods.call(queued.request.method, queued.request.params, context)};
        } catch (const model::Cancelled&) {
            return {id, Error{kCancelled, "Cancelled"}};
        } catch (...) {
            const FailureReport report = currentFailure();
            return {id, Error{errorCode(report.kind), report.message}};
        }
    }

    Output m_output;
    RequestQueue m_queue;
    Methods m_methods;
    ParamWarner m_warner;
    std::atomic<bool> m_leaving{false};
    std::atomic<std::int64_t> m_served{0};
};

}  // namespace

int runServer()
{
    const int output = ::dup(STDOUT_FILENO);
    ::dup2(STDERR_FILENO, STDOUT_FILENO);
    return Server(output).run();
}

}  // namespace stet::serve
