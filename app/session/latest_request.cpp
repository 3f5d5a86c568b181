#include "app/session/latest_request.h"

namespace stet::app {

void LatestRequest::ask(WorkerRequests& worker, const char* method, Json params, OnReply heard)
{
    drop();
    m_worker = &worker;
    m_request = worker.request(method, std::move(params), &m_context,
                               [this, ticket = next(), heard = std::move(heard)](const WorkerReply& reply) {
                                   if (answers(ticket) && !std::holds_alternative<WorkerCancelled>(reply)) {
                                       heard(reply);
                                   }
                               });
}

void LatestRequest::drop()
{
    ++*m_newest;
    m_underWay = false;
    if (WorkerRequests* worker = std::exchange(m_worker, nullptr)) {
        worker->cancel(std::exchange(m_request, 0));
    }
}

}  // namespace stet::app
