#include "app/session/real_example.h"

#include "annotate/exchange/example_project.h"
#include "app/session/in_background.h"
#include "base/json.h"

#include <QDir>
#include <QFileInfo>

namespace stet::app {

RealExample::RealExample(QString exampleFolder, QObject* parent)
    : QObject(parent), m_exampleFolder(std::move(exampleFolder))
{
    connect(&m_fetching, &ScriptProcess::said, this, &RealExample::hear);
    connect(&m_fetching, &ScriptProcess::ended, this,
            [this](bool well, const QByteArray& printed) { fetched(well, QString::fromLocal8Bit(printed).trimmed()); });
    connect(&m_fetching, &ScriptProcess::notStarted, this, [this](const QString& program) {
        Q_EMIT failed(
            tr("What fetches the model, %1, can't be started. Build and start Stet from its own folder.").arg(program));
    });
}

void RealExample::make(const QString& target)
{
    if (m_fetching.isRunning()) {
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
    if (m_fetching.isRunning()) {
        m_cancelled = true;
        m_fetching.stop();
    }
}

void RealExample::hear(const QByteArray& line)
{
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

void RealExample::fetched(bool well, const QString& model)
{
    if (m_cancelled) {
        Q_EMIT cancelled();
    } else if (well && !model.isEmpty()) {
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
