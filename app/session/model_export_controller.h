// "Use this model": a round's model is written by a stet-trainer of its own, beside the worker, so that scoring and
// training go on; then the panel gets the line that starts another program with it. GUI thread, which never waits;
// what writes ends with this object and leaves nothing half written.
#pragma once

#include "app/session/session_context.h"
#include "app/worker/script_process.h"
#include "ui/round/take_along_panel.h"
#include "workflow/model_export.h"

#include <QObject>
#include <QStringList>

namespace stet::app {

class ModelExportController : public QObject {
    Q_OBJECT

public:
    // trainer: program and arguments; empty: as WorkerClient's.
    ModelExportController(const SessionContext& session, ui::TakeAlongPanel& panel, QStringList trainer,
                          QObject* parent);

private:
    struct Asked {
        workflow::ModelExport what;
        std::string program;  // of workflow::programs(); empty: none
        std::string base;
        std::vector<std::string> arguments;
    };

    void begin(int round, const QString& form, const QString& program, const QString& out);
    void start(const Asked& asked);
    void hear(const QByteArray& line);
    void ended(bool well);

    SessionContext m_session;
    ui::TakeAlongPanel& m_panel;
    QStringList m_trainer;
    ScriptProcess m_process;
    bool m_starting = false;  // on its way through the store
    bool m_cancelled = false;
    Asked m_asked;
    QString m_said;   // the last line that is no progress
    QString m_notes;  // what the file says otherwise than the model
};

}  // namespace stet::app
