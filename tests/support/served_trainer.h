// `stet-trainer serve` as a test sees it: sends lines, collects replies and notifications in the order they came. No
// waiting without an end.
#pragma once

#include "base/json.h"
#include "tests/support/paths.h"

#include <QProcess>
#include <QtTest>

#include <string>
#include <vector>

namespace stet::test {

constexpr int kPatienceMs = 60000;

class ServedTrainer : public QProcess {
public:
    ServedTrainer()
    {
        setProgram(QString::fromStdString(qEnvironmentVariableIsSet("STET_TEST_TRAINER")
                                              ? qEnvironmentVariable("STET_TEST_TRAINER").toStdString()
                                              : trainerProgram()));
        setArguments({QStringLiteral("serve")});
        connect(this, &QProcess::readyReadStandardOutput, this, [this] { readLines(); });
        connect(this, &QProcess::readyReadStandardError, this, [this] { m_log += readAllStandardError(); });
        start();
    }

    ~ServedTrainer() override
    {
        disconnect();
        kill();
        waitForFinished();
    }

    void sendRaw(const std::string& line) { write(QByteArray::fromStdString(line + "\n")); }

    int send(const std::string& method, const Json& params = Json::object())
    {
        const int id = m_nextId++;
        sendRaw(Json{{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}}.dump());
        return id;
    }

    void cancel(int id) { sendRaw(Json{{"jsonrpc", "2.0"}, {"method", "$/cancel"}, {"params", {{"id", id}}}}.dump()); }

    // The reply to a request; null when none came in time.
    Json replyTo(const Json& id)
    {
        const bool came = QTest::qWaitFor([&] { return !find(id).is_null() || state() == NotRunning; }, kPatienceMs);
        return came ? find(id) : Json();
    }

    Json result(const std::string& method, const Json& params = Json::object())
    {
        const Json reply = replyTo(send(method, params));
        if (!reply.is_object() || !reply.contains("result")) {
            qWarning("%s answered %s", method.c_str(), reply.dump().c_str());
            return Json::object();
        }
        return reply.at("result");
    }

    // code 0: it was no error.
    int errorOf(const std::string& method, const Json& params = Json::object())
    {
        const Json reply = replyTo(send(method, params));
        return reply.is_object() && reply.contains("error") ? reply.at("error").at("code").get<int>() : 0;
    }

    // Waits for a notification that fits, from message number `from` on.
    bool waitFor(const std::function<bool(const Json&)>& fits, std::size_t from = 0)
    {
        return QTest::qWaitFor(
            [&] { return std::any_of(m_messages.begin() + static_cast<std::ptrdiff_t>(from), m_messages.end(), fits); },
            kPatienceMs);
    }

    // Training reached `step` in the round of `request`.
    bool waitForStep(int request, int step)
    {
        return waitFor([=](const Json& message) {
            const Json params = message.value("params", Json::object());
            return params.value("request", 0) == request && params.value("step", 0) >= step;
        });
    }

    bool waitForEnd() { return state() == NotRunning || waitForFinished(kPatienceMs); }

    const std::vector<Json>& messages() const { return m_messages; }
    // Lines that are no JSON object: nothing but the protocol may stand there.
    const QList<QByteArray>& strayLines() const { return m_stray; }
    QString log()
    {
        m_log += readAllStandardError();
        return QString::fromUtf8(m_log);
    }

    std::vector<Json> repliesTo(const Json& id) const
    {
        std::vector<Json> replies;
        for (const auto& message : m_messages) {
            if (!message.contains("method") && message.value("id", Json()) == id) {
                replies.push_back(message);
            }
        }
        return replies;
    }

    std::vector<Json> notifications(const std::string& method) const
    {
        std::vector<Json> found;
        for (const auto& message : m_messages) {
            if (message.value("method", "") == method) {
                found.push_back(message.at("params"));
            }
        }
        return found;
    }

private:
    Json find(const Json& id) const
    {
        const auto replies = repliesTo(id);
        return replies.empty() ? Json() : replies.front();
    }

    void readLines()
    {
        while (canReadLine()) {
            const QByteArray line = readLine();
            const Json message = Json::parse(line.toStdString(), nullptr, false);
            if (message.is_object()) {
                m_messages.push_back(message);
            } else {
                m_stray.push_back(line);
            }
        }
    }

    int m_nextId = 1;
    std::vector<Json> m_messages;
    QList<QByteArray> m_stray;
    QByteArray m_log;
};

}  // namespace stet::test
