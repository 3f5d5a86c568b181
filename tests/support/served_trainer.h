// `stet-trainer serve` as a process of its own, over its pipes: for what only a process has (exit, signals, log).
#pragma once

#include "tests/support/paths.h"
#include "tests/support/served_talk.h"

#include <QProcess>

#include <string>

namespace stet::test {

class ServedTrainer : public QProcess, public ServedTalk {
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
        waitForFinished(test::kPatienceMs);
    }

    void sendRaw(const std::string& line) override { write(QByteArray::fromStdString(line + "\n")); }
    bool hasEnded() const override { return state() == NotRunning; }
    bool waitForEnd() { return state() == NotRunning || waitForFinished(kPatienceMs); }

    // Lines that are no JSON object: nothing but the protocol may stand there.
    const QList<QByteArray>& strayLines() const { return m_stray; }
    QString log()
    {
        m_log += readAllStandardError();
        return QString::fromUtf8(m_log);
    }

private:
    void readLines()
    {
        while (canReadLine()) {
            const QByteArray line = readLine();
            Json message = Json::parse(line.toStdString(), nullptr, false);
            if (message.is_object()) {
                take(std::move(message));
            } else {
                m_stray.push_back(line);
            }
        }
    }

    QList<QByteArray> m_stray;
    QByteArray m_log;
};

}  // namespace stet::test
