#include "app/worker/pending_requests.h"

#include <vector>

namespace stet::app {

WorkerReply workerReply(const contract::Reply& reply)
{
    if (const auto* error = std::get_if<contract::Error>(&reply.content)) {
        return error->code == contract::kCancelled
            ? WorkerReply(WorkerCancelled())
            : WorkerReply(FailureReport{contract::failureKind(error->code), error->message});
    }
    return std::get<Json>(reply.content);
}

void PendingRequests::add(contract::Request request, QObject* context, OnReply onReply)
{
    const std::int64_t id = request.id;
    m_pending[id] = {std::move(request), context, std::move(onReply), false};
}

void PendingRequests::send(std::int64_t id, const Send& send)
{
    Pending& pending = m_pending.at(id);
    pending.sent = true;
    send(pending.request);
}

void PendingRequests::sendWaiting(const Send& send)
{
    for (auto& [id, pending] : m_pending) {
        if (!pending.sent) {
            pending.sent = true;
            send(pending.request);
        }
    }
}

void PendingRequests::finish(std::int64_t id, const WorkerReply& reply)
{
    const auto it = m_pending.find(id);
    if (it == m_pending.end()) {
        return;
    }
    const Pending pending = std::move(it->second);
    m_pending.erase(it);
    if (pending.context && pending.onReply) {
        pending.onReply(reply);
    }
}

void PendingRequests::finishAll(const WorkerReply& reply)
{
    std::vector<std::int64_t> ids;
    for (const auto& [id, pending] : m_pending) {
        ids.push_back(id);
    }
    for (const auto id : ids) {
        finish(id, reply);
    }
}

}  // namespace stet::app
