// For the tests of the worker's client: the workers it is given, the answers and the states that come back.
#pragma once

#include "app/worker/worker_client.h"
#include "tests/support/patience.h"

#include <QElapsedTimer>
#include <QList>
#include <QStringList>

namespace stet::test {

using namespace stet::app;
using State = WorkerClient::State;

inline const Json kNothing = Json::object();
constexpr WorkerTimeouts kQuick = {50, 400, 20, 200, 200};

// tests/app/worker/fake_worker.cpp, behaving as `mode` says.
inline QStringList fake(const char* mode)
{
    return {QStringLiteral(STET_FAKE_WORKER), QString::fromUtf8(mode)};
}

// What came back to one request.
struct Answer {
    int count = 0;
    WorkerReply reply = FailureReport{};

    OnReply taker()
    {
        return [this](const WorkerReply& given) {
            ++count;
            reply = given;
        };
    }
    QString failure() const
    {
        const auto* report = std::get_if<FailureReport>(&reply);
        return count == 1 && report != nullptr ? QString::fromStdString(report->message) : QString();
    }
    bool cancelled() const { return count == 1 && std::holds_alternative<WorkerCancelled>(reply); }
    Json result() const { return count == 1 && std::holds_alternative<Json>(reply) ? std::get<Json>(reply) : Json(); }
};

// The states a client went through, with what it said.
class States : public QObject {
public:
    explicit States(WorkerClient& client)
    {
        connect(&client, &WorkerClient::stateChanged, this, [this](State state, const QString& detail) {
            states.push_back(state);
            details.push_back(detail);
            times.push_back(clock.elapsed());
        });
        clock.start();
    }
    QString said(State state) const
    {
        const auto at = states.lastIndexOf(state);
        return at < 0 ? QString() : details.at(at);
    }

    QList<State> states;
    QStringList details;
    QList<qint64> times;
    QElapsedTimer clock;
};

}  // namespace stet::test
