// The latest request wins. One object stands for one thing that is shown (the scores of a response, the plan of a
// round): whatever was asked for it before is never heard again once something newer is asked or the old is dropped,
// whether its answer comes late, out of order or not at all. A chain of steps (store, worker, store) goes through one
// object: each step takes the place of the one before it.
//
// GUI thread. Owned by a controller; an answer that comes after the object's end is dropped, too.
#pragma once

#include "annotate/store/store_thread.h"
#include "app/worker/worker_requests.h"

#include <QObject>

#include <functional>
#include <memory>
#include <utility>

namespace stet::app {

class LatestRequest {
public:
    LatestRequest() = default;
    ~LatestRequest() { drop(); }
    LatestRequest(const LatestRequest&) = delete;
    LatestRequest& operator=(const LatestRequest&) = delete;

    // Asks the worker; what was asked before is cancelled. `heard` gets a result or a failure, never a cancellation.
    void ask(WorkerRequests& worker, const char* method, Json params, OnReply heard);

    // Asks the store. An older task that waits there still runs; its answer is dropped.
    template <typename Result>
    void ask(annotate::StoreThread& store, annotate::Priority priority, std::function<Result(annotate::Project&)> task,
             std::function<void(Result)> heard, std::function<void(FailureReport)> failed)
    {
        drop();
        const Ticket ticket = next();
        store.ask<Result>(
            priority, std::move(task),
            [this, ticket, heard = std::move(heard)](Result result) {
                if (answers(ticket)) {
                    heard(std::move(result));
                }
            },
            [this, ticket, failed = std::move(failed)](FailureReport report) {
                if (answers(ticket)) {
                    failed(std::move(report));
                }
            });
    }

    // Nothing asked so far will be heard.
    void drop();
    bool underWay() const { return m_underWay; }

private:
    // Which request a callback belongs to. The newest number outlives this object in the callbacks.
    struct Ticket {
        std::uint64_t number;
        std::shared_ptr<const std::uint64_t> newest;
    };

    Ticket next()
    {
        m_underWay = true;
        return {++*m_newest, m_newest};
    }
    // That the answer is to the newest request, which then is no longer under way. Touches no member otherwise.
    bool answers(const Ticket& ticket) { return ticket.number == *ticket.newest && std::exchange(m_underWay, false); }

    std::shared_ptr<std::uint64_t> m_newest = std::make_shared<std::uint64_t>(0);
    QObject m_context;                   // of requests to the worker
    WorkerRequests* m_worker = nullptr;  // that m_request was put to; outlives this object
    std::int64_t m_request = 0;
    bool m_underWay = false;
};

}  // namespace stet::app
