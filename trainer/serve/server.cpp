#include "trainer/serve/server.h"

#include "base/log.h"
#include "contract/round.h"
#include "trainer/serve/failure_report.h"
#include "trainer/serve/hello.h"
#include "trainer/serve/line_transport.h"
#include "trainer/serve/signals.h"

#include <thread>

#include <unistd.h>

namespace stet::serve {

using namespace contract;

Server::Server(Transport& transport, std::function<bool()> leave) : m_transport(transport), m_leave(std::move(leave))
{
    bindAtOnce();
    bindModelMethods(m_methods, m_model);
    bindScore(m_methods, m_model);
    bindGenerate(m_methods, m_model);
    bindRoundMethods(m_methods, m_model);
    bindCompare(m_methods, m_model);
}

void Server::bindAtOnce()
{
    const auto atOnce = Answered::AtOnce;
    m_methods.bind<HelloRequest>(method::kHello, atOnce, [this](const HelloRequest& request, const MethodContext&) {
        return request.protocol ? greeting(m_served) : hello(m_served);
    });
    m_methods.bind<RoundStop>(method::kRoundStop, atOnce, [this](const RoundStop& request, const MethodContext&) {
        return RoundsTold{m_queue.stopRounds(request.dir, request.how)};
    });
    m_methods.bind<RoundSave>(method::kRoundSave, atOnce, [this](const RoundSave& request, const MethodContext&) {
        return RoundsTold{m_queue.saveRounds(request.dir)};
    });
    m_methods.bind<Nothing>(method::kShutdown, atOnce, [this](const Nothing&, const MethodContext&) {
        m_leaving = true;
        return Nothing();
    });
}

void Server::run()
{
    std::thread reader([this] { read(); });
    while (auto queued = m_queue.take()) {
        answer(*queued);
    }
    reader.join();
}

void Server::read()
{
    Transport::Incoming incoming;
    incoming.message = [this](const Message& message) { handle(message); };
    incoming.malformed = [this](const Malformed& malformed) { refuse(malformed); };
    incoming.leave = [this] { return m_leaving || (m_leave && m_leave()); };
    m_transport.loop(incoming);
    // A running round is checkpointed, everything else is given up.
    m_queue.giveUp();
    m_queue.close();
}

void Server::refuse(const Malformed& malformed)
{
    // The reason may quote what people wrote, which is not logged.
    log::warning("A message could not be read: " +
                 (malformed.code == kParseError ? std::string("it is not JSON") : malformed.reason));
    m_transport.send(malformed);
}

void Server::handle(const Message& message)
{
    if (const auto* notification = std::get_if<Notification>(&message)) {
        hear(*notification);
    } else if (const auto* request = std::get_if<Request>(&message)) {
        receive(*request);
    } else {
        log::warning("A reply came that nobody asked for; it is ignored");
    }
}

void Server::hear(const Notification& notification)
{
    if (notification.method != method::kCancel) {
        log::warning("There is no notification '" + notification.method + "'; it is ignored");
        return;
    }
    try {
        const auto cancel = fromJson<Cancel>(notification.params, method::kCancel);
        if (m_queue.cancel(cancel.id)) {
            m_transport.send(Reply{cancel.id, Error{kCancelled, "Cancelled"}});
        }
    } catch (const Failure& failure) {
        log::warning(failure.what());
    }
}

// On the reader's thread: what must be answered at once; the rest is queued.
void Server::receive(const Request& request)
{
    if (!m_methods.knows(request.method)) {
        m_transport.send(Reply{request.id, Error{kMethodNotFound, "There is no method '" + request.method + "'"}});
        return;
    }
    warnOfUnknown(request);
    const Answered answered = m_methods.answered(request.method);
    if (answered == Answered::AtOnce) {
        answerAtOnce(request);
    } else {
        m_queue.push(request, answered);
    }
}

void Server::answerAtOnce(const Request& request)
{
    try {
        m_transport.send(Reply{request.id, m_methods.call(request.method, request.params, {})});
    } catch (const Failure& failure) {
        m_transport.send(Reply{request.id, Error{kInvalidParams, failure.what()}});
    }
}

void Server::warnOfUnknown(const Request& request)
{
    constexpr std::size_t kMostSaid = 1000;
    for (const auto& warning : m_methods.unknownParams(request.method, request.params)) {
        if (m_said.size() < kMostSaid && m_said.insert(warning).second) {
            log::warning(warning);
        }
    }
}

// Exactly one final reply.
void Server::answer(const QueuedRequest& queued)
{
    const auto& request = queued.request;
    auto& control = *queued.control;
    MethodContext context;
    context.send = [&](const char* name, Json params) {
        params["request"] = request.id;
        m_transport.send(Notification{name, std::move(params)});
    };
    context.cancelled = [&] { return control.cancelled.load(); };
    context.serveInteractive = [&] {
        while (const auto other = m_queue.takeInteractive()) {
            answer(*other);
        }
    };
    context.roundStop = [&] { return control.stop.load(); };
    context.roundSave = [&] { return control.save.exchange(false); };
    // Not within another request, which has its own in use.
    if (++m_answering == 1) {
        m_model.forgetOldAdapters();
    }
    m_transport.send(replyTo(queued, context));
    --m_answering;
    m_queue.finished(request.id);
    ++m_served;
}

Reply Server::replyTo(const QueuedRequest& queued, const MethodContext& context)
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

int runServer()
{
    const int output = ::dup(STDOUT_FILENO);
    ::dup2(STDERR_FILENO, STDOUT_FILENO);
    LineTransport transport(STDIN_FILENO, output);
    Server(transport, interrupted).run();
    return 0;
}

}  // namespace stet::serve
