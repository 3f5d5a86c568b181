// The worker as the window sees it: a child process that is started, greeted, asked, watched, and started again when it
// dies.
//
// GUI thread; never blocks. Every request gets exactly one reply: a result, a failure with a sentence, or cancelled.
// When the worker dies, outstanding requests fail with a sentence that names how it died; it is started again after
// 0.5, 1, 2, 4, 8 s, and after five deaths in three minutes only when asked. Late and unknown replies are dropped. Owns
// the process; the context object bounds a request's life.
#pragma once

#include "app/worker/pending_requests.h"
#include "app/worker/restart_policy.h"
#include "app/worker/worker_process.h"
#include "app/worker/worker_requests.h"

#include <QElapsedTimer>
#include <QObject>
#include <QStringList>
#include <QTimer>

#include <memory>

namespace stet::app {

// How long the client waits for what, in milliseconds.
struct WorkerTimeouts {
    int beat = 5000;          // how often a silent worker is asked for a sign of life
    int hung = 20000;         // without one for so long it is ended, once it has greeted
    int restart = 500;        // before the first restart; twice as long before each further one
    int leave = 30000;        // asked to leave: a round's checkpoint may take a while
    int leaveFirmly = 10000;  // and then after SIGTERM
    int greet = 300000;       // before its first answer: libraries of a gigabyte from a cold disk, a GPU's driver
};

class WorkerClient : public WorkerRequests {
    Q_OBJECT

public:
    enum class State { Stopped, Starting, Ready, Restarting, Lost };
    Q_ENUM(State)

    // command: program and arguments; empty: $STET_TRAINER (split like a shell), else stet-trainer beside this program.
    static QStringList usualCommand();  // what an empty command stands for
    explicit WorkerClient(QStringList command = {}, QObject* parent = nullptr);
    ~WorkerClient() override;

    void setTimeouts(const WorkerTimeouts& timeouts) { m_timeouts = timeouts; }  // before start()

    void start();
    void restartNow();  // also out of Lost
    // Asks it to leave (a running round is checkpointed), then terminates, then kills; emits stopped() at the end.
    void stop();

    State state() const { return m_state; }
    const Json& hello() const { return m_hello; }
    QStringList lastLogLines() const override { return m_logLines; }

    // Queued until the worker is ready.
    std::int64_t request(const char* method, Json params, QObject* context, OnReply onReply) override;
    void cancel(std::int64_t id) override;
    qint64 processId() const;

Q_SIGNALS:
    void stateChanged(stet::app::WorkerClient::State state, const QString& detail);
    void ready();  // greeted: load the model again
    void stopped();

private:
    void launch();
    void greet();
    void setState(State state, const QString& detail = {});
    void handle(const contract::Message& message);
    void handleHello(const WorkerReply& reply);
    PendingRequests::Send toProcess();
    void keepLogLine(const QString& line);
    void onFailedToStart(const QString& problem);
    void onFinished(int exitCode, QProcess::ExitStatus status);
    void giveUp(const QString& reason);
    void failAll(const QString& sentence);
    void scheduleRestart(const QString& reason);
    void beat();
    void end(const QString& reason);
    QString deathSentence(int exitCode, QProcess::ExitStatus status) const;

    QStringList m_command;
    std::unique_ptr<WorkerProcess> m_process;
    State m_state = State::Stopped;
    Json m_hello;
    PendingRequests m_pending;
    std::int64_t m_nextId = 1;
    std::int64_t m_helloId = 0;
    RestartPolicy m_restarts;
    QTimer m_restartTimer;
    QTimer m_beatTimer;
    QElapsedTimer m_lastBeat;
    QElapsedTimer m_lastSign;  // of life
    QElapsedTimer m_clock;
    QStringList m_logLines;
    bool m_stopping = false;
    WorkerTimeouts m_timeouts;
    QString m_endedBecause;  // why this client killed the worker
};

}  // namespace stet::app
