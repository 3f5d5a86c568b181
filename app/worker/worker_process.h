// One run of the worker's program: a child process that messages go to and come from, line by line.
//
// GUI thread; never blocks but in the destructor, which lets it leave for two seconds. Knows no requests and no states:
// WorkerClient does. A line that is no message is passed over and logged; the first few only.
#pragma once

#include "base/json_lines.h"
#include "contract/message.h"

#include <QObject>
#include <QProcess>
#include <QStringList>

#include <string>

namespace stet::app {

class WorkerProcess : public QObject {
    Q_OBJECT

public:
    explicit WorkerProcess(QObject* parent = nullptr);
    ~WorkerProcess() override;

    void start(const QStringList& command);  // program and arguments; "serve" is added
    void send(const contract::Request& request) { writeLine(contract::encode(request)); }
    void send(const contract::Notification& notification) { writeLine(contract::encode(notification)); }

    // Ever firmer: end of input, at which it checkpoints a running round and leaves; SIGTERM; SIGKILL.
    void closeInput() { m_process.closeWriteChannel(); }
    void terminate() { m_process.terminate(); }
    void kill() { m_process.kill(); }

    bool running() const { return m_process.state() != QProcess::NotRunning; }
    qint64 processId() const { return m_process.processId(); }

Q_SIGNALS:
    void started();
    void failedToStart(const QString& problem);
    void received(const stet::contract::Message& message);
    void lineTooLong();  // than contract::kMaxLineBytes; what was sent of it is dropped
    void logged(const QString& line);
    void finished(int exitCode, QProcess::ExitStatus status);

private:
    void writeLine(const std::string& line);
    void readOutput();
    void readLog();

    QProcess m_process;
    LineBuffer m_lines;
    int m_strayLines = 0;
};

}  // namespace stet::app
