#include "app/worker/worker_client.h"

#include "base/log.h"

#include <QCoreApplication>
#include <QDir>

#include <csignal>

namespace stet::app {

namespace {

constexpr int kLogLinesKept = 40;

}  // namespace

QStringList WorkerClient::usualCommand()
{
    const QString given = qEnvironmentVariable("STET_TRAINER");
    if (!given.isEmpty()) {
        return QProcess::splitCommand(given);
    }
    return {QDir(QCoreApplication::applicationDirPath()).filePath(QStringLiteral("stet-trainer"))};
}

WorkerClient::WorkerClient(QStringList command, QObject* parent)
    : WorkerRequests(parent), m_command(command.isEmpty() ? usualCommand() : std::move(command))
{
    m_clock.start();
    m_restartTimer.setSingleShot(true);
    connect(&m_restartTimer, &QTimer::timeout, this, &WorkerClient::launch);
    connect(&m_beatTimer, &QTimer::timeout, this, &WorkerClient::beat);
}

WorkerClient::~WorkerClient()
{
    if (m_process) {
        m_process->disconnect(this);
    }
}

void WorkerClient::start()
{
    if (m_state == State::Stopped || m_state == State::Lost) {
        m_stopping = false;
        launch();
    }
}

void WorkerClient::restartNow()
{
    m_restarts.forget();
    m_stopping = false;
    if (m_process && m_process->running()) {
        end(tr("The worker was ended to start it again."));  // onFinished does
        return;
    }
    m_restartTimer.stop();
    launch();
}

void WorkerClient::stop()
{
    m_stopping = true;
    m_restartTimer.stop();
    m_beatTimer.stop();
    if (!m_process || !m_process->running()) {
        setState(State::Stopped);
        Q_EMIT stopped();
        return;
    }
    // End of input: it checkpoints a running round and leaves. Then ever firmer.
    m_process->closeInput();
    auto* process = m_process.get();
    QTimer::singleShot(m_timeouts.leave, process, [process] { process->terminate(); });
    QTimer::singleShot(m_timeouts.leave + m_timeouts.leaveFirmly, process, [process] { process->kill(); });
}

qint64 WorkerClient::processId() const
{
    return m_process ? m_process->processId() : 0;
}

void WorkerClient::launch()
{
    setState(State::Starting);
    if (m_process) {
        // It may be the sender of the signal that led here.
        m_process->disconnect(this);
        m_process.release()->deleteLater();
    }
    m_process = std::make_unique<WorkerProcess>();
    m_endedBecause.clear();
    connect(m_process.get(), &WorkerProcess::started, this, &WorkerClient::greet);
    connect(m_process.get(), &WorkerProcess::failedToStart, this, &WorkerClient::onFailedToStart);
    connect(m_process.get(), &WorkerProcess::received, this, &WorkerClient::handle);
    connect(m_process.get(), &WorkerProcess::lineTooLong, this,
            [this] { end(tr("The worker sent a line longer than 16 MiB and was ended; it is started again.")); });
    connect(m_process.get(), &WorkerProcess::logged, this, &WorkerClient::keepLogLine);
    connect(m_process.get(), &WorkerProcess::finished, this, &WorkerClient::onFinished);
    m_process->start(m_command);
}

void WorkerClient::onFailedToStart(const QString& problem)
{
    giveUp(tr("The worker %1 could not be started: %2").arg(m_command.value(0), problem));
}

void WorkerClient::giveUp(const QString& reason)
{
    setState(State::Lost, reason);
    failAll(reason);
}

void WorkerClient::greet()
{
    m_lastSign.start();
    m_helloId = m_nextId++;
    m_process->send(contract::Request{m_helloId, contract::method::kHello, {{"protocol", contract::kVersion}}});
    m_lastBeat.invalidate();
    m_beatTimer.start(m_timeouts.beat);
}

void WorkerClient::setState(State state, const QString& detail)
{
    m_state = state;
    Q_EMIT stateChanged(state, detail);
}

std::int64_t WorkerClient::request(const char* method, Json params, QObject* context, OnReply onReply)
{
    const std::int64_t id = m_nextId++;
    m_pending.add({id, method, std::move(params)}, context, std::move(onReply));
    if (m_state == State::Ready) {
        m_pending.send(id, toProcess());
    } else if (m_state == State::Lost || m_state == State::Stopped) {
        // Answered from the event loop, never from inside the call.
        QMetaObject::invokeMethod(
            this,
            [this, id] {
                m_pending.finish(
                    id,
                    FailureReport{FailureKind::Internal,
                                  tr("The worker is not running; restart it from the status bar.").toStdString()});
            },
            Qt::QueuedConnection);
    }
    return id;
}

PendingRequests::Send WorkerClient::toProcess()
{
    return [this](const contract::Request& request) { m_process->send(request); };
}

void WorkerClient::cancel(std::int64_t id)
{
    if (!m_pending.contains(id)) {
        return;
    }
    if (!m_pending.sent(id)) {
        m_pending.finish(id, WorkerCancelled());
        return;
    }
    m_process->send(contract::Notification{contract::method::kCancel, {{"id", id}}});
}

void WorkerClient::keepLogLine(const QString& line)
{
    m_logLines << line;
    while (m_logLines.size() > kLogLinesKept) {
        m_logLines.removeFirst();
    }
}

void WorkerClient::handle(const contract::Message& message)
{
    m_lastSign.start();  // only a message is a sign of life
    if (const auto* notification = std::get_if<contract::Notification>(&message)) {
        Q_EMIT notified(QString::fromStdString(notification->method), toLine(notification->params));
    } else if (const auto* reply = std::get_if<contract::Reply>(&message)) {
        if (reply->id == m_helloId) {
            handleHello(workerReply(*reply));
        } else {
            m_pending.finish(reply->id, workerReply(*reply));
        }
    }
}

void WorkerClient::handleHello(const WorkerReply& reply)
{
    const auto* hello = std::get_if<Json>(&reply);
    if (m_state == State::Ready) {
        return;  // a heartbeat
    }
    const auto version = hello != nullptr && hello->is_object() ? hello->value("protocol", Json()) : Json();
    if (version != contract::kVersion) {
        m_stopping = true;
        m_process->kill();
        giveUp(
            tr("The worker speaks another version of the protocol than this window; install both from one release."));
        return;
    }
    m_hello = *hello;
    setState(State::Ready);
    Q_EMIT ready();
    m_pending.sendWaiting(toProcess());
}

void WorkerClient::failAll(const QString& sentence)
{
    // Interrupted: what was asked can be asked again.
    m_pending.finishAll(FailureReport{FailureKind::Interrupted, sentence.toStdString()});
}

void WorkerClient::end(const QString& reason)
{
    m_endedBecause = reason;
    m_process->kill();
}

QString WorkerClient::deathSentence(int exitCode, QProcess::ExitStatus status) const
{
    if (!m_endedBecause.isEmpty()) {
        return m_endedBecause;
    }
    if (status == QProcess::CrashExit) {
        return exitCode == SIGKILL ? tr("The worker was killed, possibly because memory ran out; it is started again.")
                                   : tr("The worker ended by signal %1; it is started again.").arg(exitCode);
    }
    return tr("The worker ended by itself (code %1); it is started again.").arg(exitCode);
}

void WorkerClient::onFinished(int exitCode, QProcess::ExitStatus status)
{
    m_beatTimer.stop();
    if (m_stopping) {
        failAll(tr("The worker was stopped."));
        if (m_state != State::Lost) {
            setState(State::Stopped);
        }
        Q_EMIT stopped();
        return;
    }
    const QString reason = deathSentence(exitCode, status);
    log::warning(reason.toStdString());
    scheduleRestart(reason);
    failAll(reason);
}

void WorkerClient::scheduleRestart(const QString& reason)
{
    const auto pause = m_restarts.pauseAfterDeath(m_clock.elapsed(), m_timeouts.restart);
    if (!pause) {
        setState(State::Lost,
                 tr("The worker ended %1 times in three minutes and is not started again by itself. %2")
                     .arg(m_restarts.deaths())
                     .arg(m_logLines.isEmpty() ? QString() : m_logLines.last()));
        return;
    }
    setState(State::Restarting, reason);
    m_restartTimer.start(*pause);
}

// The reader thread answers hello even while the compute thread works: no answer means hung, but before the first one,
// while the libraries are being loaded.
void WorkerClient::beat()
{
    // After a suspend, or when this thread itself was held up, the worker had no chance to answer.
    if (m_lastBeat.isValid() && m_lastBeat.elapsed() > qint64{2} * m_timeouts.beat) {
        m_lastSign.start();
    }
    m_lastBeat.start();
    const int limit = m_state == State::Ready ? m_timeouts.hung : m_timeouts.greet;
    if (m_lastSign.elapsed() > limit) {
        end(tr("The worker gave no sign of life for %1 s and was ended; it is started again.").arg(limit / 1000));
        return;
    }
    if (m_state == State::Ready) {
        m_process->send(contract::Request{m_helloId, contract::method::kHello, Json::object()});
    }
}

}  // namespace stet::app
