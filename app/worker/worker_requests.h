// Asking the worker: all that controllers need of it. WorkerClient is the real one; in tests a scripted one answers
// late, out of order or never (tests/app/worker/scripted_worker.h). GUI thread.
#pragma once

#include "app/worker/pending_requests.h"
#include "base/json.h"

#include <QObject>
#include <QStringList>

#include <cstdint>

namespace stet::app {

class WorkerRequests : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    // onReply runs once, never from inside the call, unless `context` is gone by then. Returns the id for cancel().
    virtual std::int64_t request(const char* method, Json params, QObject* context, OnReply onReply) = 0;
    // Unknown and answered ids are passed over. The reply is then WorkerCancelled, or an answer that was on its way.
    virtual void cancel(std::int64_t id) = 0;
    virtual QStringList lastLogLines() const = 0;  // of its standard error, oldest first

Q_SIGNALS:
    void notified(const QString& method, const std::string& paramsJson);
};

}  // namespace stet::app
