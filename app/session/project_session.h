// An open project: its store thread, its controllers, its model in the worker. Made by WindowController; closing it
// writes what is unwritten. GUI thread.
#pragma once

#include "app/session/annotate_controller.h"
#include "app/session/baselines_controller.h"
#include "app/session/compare_controller.h"
#include "app/session/draft_controller.h"
#include "app/session/generation_controller.h"
#include "app/session/instructions_controller.h"
#include "app/session/model_export_controller.h"
#include "app/session/posted_calls.h"
#include "app/session/project_controller.h"
#include "app/session/round_controller.h"
#include "app/session/session_context.h"
#include "app/session/talk_controller.h"
#include "app/worker/worker_client.h"
#include "ui/main_window/main_window.h"

#include <QObject>

#include <memory>
#include <optional>

namespace stet::app {

class ProjectSession : public QObject {
    Q_OBJECT

public:
    ProjectSession(const QString& folder, WorkerClient& worker, ui::MainWindow& window, QObject* parent);
    ~ProjectSession() override;

    const QString& folder() const { return m_folder; }
    AnnotateController* annotateController() const { return m_annotate.get(); }
    RoundController* roundController() const { return m_rounds.get(); }
    ProjectController* projectController() const { return m_project.get(); }
    GenerationController* generationController() const { return m_generation.get(); }
    // Nothing would be lost by closing now: every word is on the disk and no round is running.
    bool settled() const;
    // Words are written and a running round is checkpointed; then done(). When words can't be written, failed(why):
    // they are still held and tried again.
    void prepareToClose(std::function<void()> done, std::function<void(const QString& problem)> failed);

Q_SIGNALS:
    void opened();
    void failed(const QString& sentence);
    void counted(int responses, int round);  // for the list of recent projects
    void restoreRequested(const QString& backup);

private:
    struct Opening;

    void readProject();
    void start(const Opening& opening);
    void wire();
    void wireModel();
    void wireInstructions();
    void showInstructions();
    void loadModel();
    void loadModelFrom(const QString& folder, const std::string& promptStyle);
    void modelMissing(const FailureReport& report);
    void chooseModelAgain();
    bool modelIsFile() const;
    void showModel();
    void pauseRound(std::function<void()> done);
    void showModelLine();
    SessionContext context();
    void whenNoticeIsAnswered(const QString& notice, const QString& action);

    QString m_folder;
    std::optional<contract::ModelDescription> m_description;  // of the model as loaded
    WorkerClient& m_worker;
    ui::MainWindow& m_window;
    std::unique_ptr<PostedCalls> m_context;  // replies of the store come to it; gone first
    std::unique_ptr<annotate::StoreThread> m_store;
    std::unique_ptr<SessionState> m_state;
    std::unique_ptr<AnnotateController> m_annotate;
    std::unique_ptr<RoundController> m_rounds;
    std::unique_ptr<ModelExportController> m_export;
    std::unique_ptr<TalkController> m_talk;
    std::unique_ptr<BaselinesController> m_baselines;
    std::unique_ptr<CompareController> m_compare;
    std::unique_ptr<ProjectController> m_project;
    std::unique_ptr<InstructionsController> m_instructions;
    std::unique_ptr<GenerationController> m_generation;
    std::unique_ptr<DraftController> m_drafts;
};

}  // namespace stet::app
