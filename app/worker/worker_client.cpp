#include "app/worker/worker_client.h"

#include "base/json_lines.h"
#include "base/log.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

#include <csignal>

#include <sys/prctl.h>

namespace stet::app {

namespace {

constexpr int kLongestQuietMs = 180000;
constexpr int kDeathsAllowed = 5;
constexpr int kLogLinesKept = 40;
constexpr int kStrayLinesLogged = 5;

QStringList defaultCommand()
{
    const QString given = qEnvironmentVariable("STET_TRAINER");
    if (!given.isEmpty()) {
        return QProcess::splitCommand(given);
    }
    return {QDir(QCoreApplication::applicationDirPath()).filePath(QStringLiteral("stet-trainer"))};
}

}  // namespace

WorkerClient::WorkerClient(QStringList command, QObject* parent)
    : QObject(parent), m_command(command.isEmpty() ? defaultCommand() : std::move(command))
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
        m_process->closeWriteChannel();
        if (!m_process->waitForFinished(2000)) {
            m_process->kill();
            m_process->waitForFinished(1000);
        }
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
    m_deaths.clear();
    m_stopping = false;
    if (m_process && m_process->state() != QProcess::NotRunning) {
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
    if (!m_process || m_process->state() == QProcess::NotRunning) {
        setState(State::Stopped);
        Q_EMIT stopped();
        return;
    }
    // End of input: it checkpoints a running round and leaves. Then ever firmer.
    m_process->closeWriteChannel();
    auto* process = m_process.get();
    QTimer::singleShot(m_patience.leave, process, [process] { process->terminate(); });
    QTimer::singleShot(m_patience.leave + m_patience.leaveFirmly, process, [process] { process->kill(); });
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
    m_process = std::make_unique<QProcess>();
    m_endedBecause.clear();
    m_strayLines = 0;
    // Set here, the worker need not start itself a second time for it (trainer/serve/main.cpp).
    auto environment = QProcessEnvironment::systemEnvironment();
    if (!environment.contains(QStringLiteral("OMP_WAIT_POLICY"))) {
        environment.insert(QStringLiteral("OMP_WAIT_POLICY"), QStringLiteral("passive"));
    }
    m_process->setProcessEnvironment(environment);
    m_lines = std::make_unique<LineBuffer>(protocol::kMaxLineBytes);
    // The worker must not outlive a window that was killed.
    m_process->setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGTERM); });
    connect(m_process.get(), &QProcess::started, this, &WorkerClient::greet);
    connect(m_process.get(), &QProcess::readyReadStandardOutput, this, &WorkerClient::readOutput);
    connect(m_process.get(), &QProcess::readyReadStandardError, this, &WorkerClient::readLog);
    connect(m_process.get(), &QProcess::finished, this, &WorkerClient::onFinished);
    connect(m_process.get(), &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart) {
            const QString reason =
                tr("The worker %1 could not be started: %2").arg(m_command.value(0), m_process->errorString());
            setState(State::Lost, reason);
            failAll(reason);
        }
    });
    m_process->start(m_command.value(0), QStringList(m_command.mid(1)) << QStringLiteral("serve"));
}

void WorkerClient::greet()
{
    m_lastSign.start();
    m_helloId = m_nextId++;
    const auto line =
        protocol::encode(protocol::Request{m_helloId, protocol::method::kHello, {{"protocol", protocol::kVersion}}}) +
        "\n";
    m_process->write(line.data(), static_cast<qint64>(line.size()));
    m_lastBeat.invalidate();
    m_beatTimer.start(m_patience.beat);
}

void WorkerClient::setState(State state, const QString& detail)
{
    m_state = state;
    Q_EMIT stateChanged(state, detail);
}

std::int64_t WorkerClient::request(const char* method, Json params, QObject* context, OnReply onReply)
{
    const std::int64_t id = m_nextId++;
    auto& pending = m_pending[id];
    pending.request = {id, method, std::move(params)};
    pending.context = context;
    pending.onReply = std::move(onReply);
    if (m_state == State::Ready) {
        send(pending);
    } else if (m_state == State::Lost || m_state == State::Stopped) {
        // Answered from the event loop, never from inside the call.
        QMetaObject::invokeMethod(
            this,
            [this, id] {
                finish(id,
                       FailureReport{FailureKind::Internal,
                                     tr("The worker is not running; restart it from the status bar.").toStdString()});
            },
            Qt::QueuedConnection);
    }
    return id;
}

void WorkerClient::send(Pending& pending)
{
    pending.sent = true;
    const auto line = protocol::encode(pending.request) + "\n";
    m_process->write(line.data(), static_cast<qint64>(line.size()));
}

void WorkerClient::cancel(std::int64_t id)
{
    const auto it = m_pending.find(id);
    if (it == m_pending.end()) {
        return;
    }
    if (!it->second.sent) {
        finish(id, WorkerCancelled());
        return;
    }
    const auto line = protocol::encode(protocol::Notification{protocol::method::kCancel, {{"id", id}}}) + "\n";
    m_process->write(line.data(), static_cast<qint64>(line.size()));
}

void WorkerClient::readOutput()
{
    const QByteArray bytes = m_process->readAllStandardOutput();
    m_lines->feed({bytes.constData(), static_cast<std::size_t>(bytes.size())});
    while (const auto line = m_lines->take()) {
        handle(*line);
    }
    if (m_lines->takeOverflow()) {
        end(tr("The worker sent a line longer than 16 MiB and was ended; it is started again."));
    }
}

void WorkerClient::readLog()
{
    for (const QByteArray& line : m_process->readAllStandardError().split('\n')) {
        if (!line.trimmed().isEmpty()) {
            m_logLines << QString::fromUtf8(line.left(500));
        }
    }
    while (m_logLines.size() > kLogLinesKept) {
        m_logLines.removeFirst();
    }
}

void WorkerClient::handle(const std::string& line)
{
    const auto decoded = protocol::decode(line);
    if (std::holds_alternative<protocol::Malformed>(decoded)) {
        if (++m_strayLines <= kStrayLinesLogged) {
            log::warning("The worker sent a line that is no message; it is ignored");
        }
        return;
    }
    m_lastSign.start();  // only a message is a sign of life
    const auto& message = std::get<protocol::Message>(decoded);
    if (const auto* notification = std::get_if<protocol::Notification>(&message)) {
        Q_EMIT notified(QString::fromStdString(notification->method), toLine(notification->params));
    } else if (const auto* reply = std::get_if<protocol::Reply>(&message)) {
        WorkerReply content = FailureReport{};
        if (const auto* error = std::get_if<protocol::Error>(&reply->content)) {
            content = error->code == protocol::kCancelled
                ? WorkerReply(WorkerCancelled())
                : WorkerReply(FailureReport{protocol::failureKind(error->code), error->message});
        } else {
            content = std::get<Json>(reply->content);
        }
        if (reply->id == m_helloId) {
            handleHello(content);
        } else {
            finish(reply->id, content);
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
    if (version != protocol::kVersion) {
        m_stopping = true;
        const QString reason =
            tr("The worker speaks another version of the protocol than this window; install both from one release.");
        m_process->kill();
        setState(State::Lost, reason);
        failAll(reason);
        return;
    }
    m_hello = *hello;
    setState(State::Ready);
    Q_EMIT ready();
    for (auto& [id, pending] : m_pending) {
        if (!pending.sent) {
            send(pending);
        }
    }
}

void WorkerClient::finish(std::int64_t id, const WorkerReply& reply)
{
    const auto it = m_pending.find(id);
    if (it == m_pending.end()) {
        return;  // late or never asked
    }
    const Pending pending = std::move(it->second);
    m_pending.erase(it);
    if (pending.context && pending.onReply) {
        pending.onReply(reply);
    }
}

void WorkerClient::failAll(const QString& sentence)
{
    const FailureReport report{FailureKind::Interrupted, sentence.toStdString()};  // what was asked can be asked again
    std::vector<std::int64_t> ids;
    for (const auto& [id, pending] : m_pending) {
        ids.push_back(id);
    }
    for (const auto id : ids) {
        finish(id, report);
    }
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
    readLog();
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
    const qint64 now = m_clock.elapsed();
    m_deaths.push_back(now);
    while (!m_deaths.empty() && now - m_deaths.front() > kLongestQuietMs) {
        m_deaths.pop_front();
    }
    if (static_cast<int>(m_deaths.size()) >= kDeathsAllowed) {
        setState(State::Lost,
                 tr("The worker ended %1 times in three minutes and is not started again by itself. %2")
                     .arg(m_deaths.size())
                     .arg(m_logLines.isEmpty() ? QString() : m_logLines.last()));
        return;
    }
    setState(State::Restarting, reason);
    m_restartTimer.start(m_patience.restart << (m_deaths.size() - 1));
}

// The reader thread answers hello even while the compute thread works: no answer means hung.
void WorkerClient::beat()
{
    // After a suspend, or when this thread itself was held up, the worker had no chance to answer.
    if (m_lastBeat.isValid() && m_lastBeat.elapsed() > 2 * m_patience.beat) {
        m_lastSign.start();
    }
    m_lastBeat.start();
    if (m_lastSign.elapsed() > m_patience.hung) {
        end(tr("The worker gave no sign of life for %1 s and was ended; it is started again.")
                .arg(m_patience.hung / 1000));
        return;
    }
    if (m_state == State::Ready) {
        const auto line =
            protocol::encode(protocol::Request{m_helloId, protocol::method::kHello, Json::object()}) + "\n";
        m_process->write(line.data(), static_cast<qint64>(line.size()));
    }
}

}  // namespace stet::app
