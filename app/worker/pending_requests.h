// The requests that wait for the worker's reply. Each gets exactly one: what comes late or was never asked is dropped.
// GUI thread.
#pragma once

#include "base/failure.h"
#include "contract/message.h"

#include <QObject>
#include <QPointer>

#include <cstdint>
#include <functional>
#include <map>
#include <variant>

namespace stet::app {

struct WorkerCancelled { };
using WorkerReply = std::variant<Json, FailureReport, WorkerCancelled>;
using OnReply = std::function<void(const WorkerReply&)>;

WorkerReply workerReply(const contract::Reply& reply);

class PendingRequests {
public:
    // onReply runs unless `context` is gone by then.
    void add(contract::Request request, QObject* context, OnReply onReply);
    bool contains(std::int64_t id) const { return m_pending.count(id) > 0; }
    bool sent(std::int64_t id) const { return m_pending.at(id).sent; }

    using Send = std::function<void(const contract::Request&)>;
    void send(std::int64_t id, const Send& send);
    void sendWaiting(const Send& send);  // those not sent yet, in the order asked

    void finish(std::int64_t id, const WorkerReply& reply);
    // All that wait now; what their replies ask anew goes to the next worker.
    void finishAll(const WorkerReply& reply);

private:
    struct Pending {
        contract::Request request;
        QPointer<QObject> context;
        OnReply onReply;
        bool sent = false;
    };

    std::map<std::int64_t, Pending> m_pending;
};

}  // namespace stet::app
