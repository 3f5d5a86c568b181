#include "app/session/real_example.h"

#include "annotate/exchange/example_project.h"
#include "app/session/in_background.h"
#include "base/json.h"

#include <QDir>
#include <QFileInfo>

namespace stet::app {

namespace {

constexpr int kMsToEnd = 2000;

}  // namespace

RealExample::RealExample(QString exampleFolder, QObject* parent)
    : QObject(parent), m_exampleFolder(std::move(exampleFolder))
{
    connect(&m_fetching, &QProcess::readyReadStandardError, this, &RealExample::readProgress);
    connect(&m_fetching, &QProcess::finished, this, &RealExample::fetched);
    connect(&m_fetching, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart) {
            Q_EMIT failed(tr("What fetches the model, %1, can't be started. Build and start Stet from its own folder.")
                              .arg(m_fetching.program()));
        }
    });
}

RealExample::~RealExample()
{
    m_fetching.disconnect(this);
    if (m_fetching.state() != QProcess::NotRunning) {
        m_fetching.terminate();
        if (!m_fetching.waitForFinished(kMsToEnd)) {
            m_fetching.kill();
            m_fetching.waitForFinished(kMsToEnd);
        }
    }
}

void RealExample::make(const QString& target)
{
    if (m_fetching.state() != QProcess::NotRunning) {
        return;
    }
    m_target = target;
    m_said.clear();
    m_cancelled = false;
    Q_EMIT progressed(tr("Looking for the model …"), true);
    m_fetching.start(m_exampleFolder + QStringLiteral("/fetch-model.sh"),
                     {QStringLiteral("--progress"), QStringLiteral("json")});
}

void RealExample::cancel()
{
    if (m_fetching.state() != QProcess::NotRunning) {
        m_cancelled = true;
        m_fetching.terminate();
    }
}

void RealExample::readProgress()
{
    m_fetching.setReadChannel(QProcess::StandardError);
    while (m_fetching.canReadLine()) {
        const QByteArray line = m_fetching.readLine().trimmed();
        const Json progress = Json::parse(line.begin(), line.end(), nullptr, false);
        if (progress.is_object()) {
            Q_EMIT progressed(tr("Fetching SmolLM2-135M-Instruct: %1 of %2 MB")
                                  .arg(progress.value("done", 0))
                                  .arg(progress.value("total", 0)),
                              true);
        } else if (!line.isEmpty()) {
            m_said = QString::fromUtf8(line);
        }
    }
}

void RealExample::fetched(int code, QProcess::ExitStatus status)
{
    readProgress();
    const QString model = QString::fromLocal8Bit(m_fetching.readAllStandardOutput()).trimmed();
    if (m_cancelled) {
        Q_EMIT cancelled();
    } else if (status == QProcess::NormalExit && code == 0 && !model.isEmpty()) {
        makeProject(model);
    } else {
        Q_EMIT failed(m_said.isEmpty() ? tr("Fetching the model was stopped. Try again.") : m_said);
    }
}

void RealExample::makeProject(const QString& model)
{
    Q_EMIT progressed(tr("Making %1 …").arg(QFileInfo(m_target).fileName()), false);
    QDir().mkpath(QFileInfo(m_target).absolutePath());
    inBackground(
        this,
        [from = m_exampleFolder.toStdString(), to = m_target.toStdString(), model = model.toStdString()] {
            annotate::createExampleProject(from, to, model);
        },
        [this](const QString& problem) {
            if (problem.isEmpty()) {
                Q_EMIT made(m_target);
            } else {
                Q_EMIT failed(problem);
            }
        });
}

}  // namespace stet::app
