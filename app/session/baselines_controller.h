// Baselines: each job of workflow/baselines is one run of a stet-trainer of its own, beside the worker, so that scoring
// goes on; then the next, until there is none. What is stopped, or ends with the window, goes on there when it is
// started again. GUI thread, which never waits.
#pragma once

#include "app/session/session_context.h"
#include "app/worker/script_process.h"
#include "ui/round/baselines_panel.h"
#include "workflow/baselines.h"

#include <QObject>
#include <QStringList>

#include <optional>

namespace stet::app {

class BaselinesController : public QObject {
    Q_OBJECT

public:
    // trainer: program and arguments; empty: as WorkerClient's.
    BaselinesController(const SessionContext& session, ui::BaselinesPanel& panel, QStringList trainer, QObject* parent);

    void retranslate();  // sentences made here, in the language of now

private:
    struct Turn {
        std::optional<workflow::BaselineJob> job;
        workflow::BaselineTable table;
    };

    void refresh();
    void begin(const QStringList& objectives, bool anew);
    // Does what comes before on the store's thread, then what is to be done next.
    void go(const std::function<void(annotate::Project&)>& before);
    void start(const workflow::BaselineJob& job);
    void hear(const QByteArray& line);
    void ended(bool well);
    void show(const workflow::BaselineTable& table);
    void showProgress(double share);

    SessionContext m_session;
    ui::BaselinesPanel& m_panel;
    QStringList m_trainer;
    ScriptProcess m_process;
    bool m_busy = false;  // from a press until nothing is left to do
    bool m_stopped = false;
    workflow::BaselineJob m_job;
    QString m_said;  // the last line that is no progress
    std::optional<workflow::BaselineTable> m_shown;
};

}  // namespace stet::app
