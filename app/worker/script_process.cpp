#include "app/worker/script_process.h"

namespace stet::app {

namespace {

constexpr int kMsToEnd = 2000;

}  // namespace

ScriptProcess::ScriptProcess(QObject* parent) : QObject(parent)
{
    connect(&m_process, &QProcess::readyReadStandardError, this, &ScriptProcess::readLines);
    connect(&m_process, &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
        readLines();
        Q_EMIT ended(status == QProcess::NormalExit && code == 0, m_process.readAllStandardOutput());
    });
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart) {
            Q_EMIT notStarted(m_process.program());
        }
    });
}

ScriptProcess::~ScriptProcess()
{
    m_process.disconnect(this);
    if (isRunning()) {
        m_process.terminate();
        if (!m_process.waitForFinished(kMsToEnd)) {
            m_process.kill();
            m_process.waitForFinished(kMsToEnd);
        }
    }
}

void ScriptProcess::start(const QString& program, const QStringList& arguments)
{
    if (!isRunning()) {
        m_process.start(program, arguments);
    }
}

void ScriptProcess::stop()
{
    m_process.terminate();
}

void ScriptProcess::readLines()
{
    m_process.setReadChannel(QProcess::StandardError);
    while (m_process.canReadLine()) {
        Q_EMIT said(m_process.readLine().trimmed());
    }
}

}  // namespace stet::app
