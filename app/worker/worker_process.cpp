#include "app/worker/worker_process.h"

#include "base/log.h"

#include <QProcessEnvironment>

#include <csignal>

#include <sys/prctl.h>

namespace stet::app {

namespace {

constexpr int kStrayLinesLogged = 5;
constexpr int kLongestLogLine = 500;

QProcessEnvironment workerEnvironment()
{
    // Set here, the worker need not start itself a second time for it (trainer/cli/main.cpp).
    auto environment = QProcessEnvironment::systemEnvironment();
    if (!environment.contains(QStringLiteral("OMP_WAIT_POLICY"))) {
        environment.insert(QStringLiteral("OMP_WAIT_POLICY"), QStringLiteral("passive"));
    }
    return environment;
}

}  // namespace

WorkerProcess::WorkerProcess(QObject* parent) : QObject(parent), m_lines(contract::kMaxLineBytes)
{
    m_process.setProcessEnvironment(workerEnvironment());
    // The worker must not outlive a window that was killed.
    m_process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGTERM); });
    connect(&m_process, &QProcess::started, this, &WorkerProcess::started);
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &WorkerProcess::readOutput);
    connect(&m_process, &QProcess::readyReadStandardError, this, &WorkerProcess::readLog);
    connect(&m_process, &QProcess::finished, this, [this](int exitCode, QProcess::ExitStatus status) {
        readLog();
        Q_EMIT finished(exitCode, status);
    });
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart) {
            Q_EMIT failedToStart(m_process.errorString());
        }
    });
}

WorkerProcess::~WorkerProcess()
{
    m_process.disconnect(this);
    if (!running()) {
        return;
    }
    closeInput();
    if (!m_process.waitForFinished(2000)) {
        kill();
        m_process.waitForFinished(1000);
    }
}

void WorkerProcess::start(const QStringList& command)
{
    m_process.start(command.value(0), QStringList(command.mid(1)) << QStringLiteral("serve"));
}

void WorkerProcess::writeLine(const std::string& line)
{
    m_process.write(line.data(), static_cast<qint64>(line.size()));
    m_process.write("\n", 1);
}

void WorkerProcess::readOutput()
{
    const QByteArray bytes = m_process.readAllStandardOutput();
    m_lines.feed({bytes.constData(), static_cast<std::size_t>(bytes.size())});
    while (const auto line = m_lines.take()) {
        const auto decoded = contract::decode(*line);
        if (const auto* message = std::get_if<contract::Message>(&decoded)) {
            Q_EMIT received(*message);
        } else if (++m_strayLines <= kStrayLinesLogged) {
            log::warning("The worker sent a line that is no message; it is ignored");
        }
    }
    if (m_lines.takeOverflow()) {
        Q_EMIT lineTooLong();
    }
}

void WorkerProcess::readLog()
{
    for (const QByteArray& line : m_process.readAllStandardError().split('\n')) {
        if (!line.trimmed().isEmpty()) {
            Q_EMIT logged(QString::fromUtf8(line.left(kLongestLogLine)));
        }
    }
}

}  // namespace stet::app
