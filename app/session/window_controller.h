// The program as a whole: start page, recent projects, language and theme, the worker's state, opening and closing
// projects. Made by main, which owns window and worker. GUI thread.
#pragma once

#include "app/session/project_session.h"
#include "app/session/real_example.h"
#include "ui/start/start_page.h"

#include <QObject>

#include <memory>
#include <optional>

namespace stet::app {

class WindowController : public QObject {
    Q_OBJECT

public:
    WindowController(ui::MainWindow& window, WorkerClient& worker, QString exampleFolder, QString realExampleFolder);
    ~WindowController() override;

    void begin(const QString& word);  // a project, --example, --real; empty: the start page
    ProjectSession* session() const { return m_session.get(); }

Q_SIGNALS:
    void projectOpened();

private:
    void connectStart();
    void connectWindow();
    void connectRealExample();
    void open(const QString& folder);
    void openNow(const QString& path);
    void openExample();
    void openRealExample();
    void createProject(const ui::NewProject& wish);
    void showMade(const annotate::ImportResult& made);
    void closeProject();
    void describe(const QString& modelFolder);
    void remember(const QString& folder, int responses, int round);
    void showRecent();
    void showHardware();
    void showWorker(WorkerClient::State state, const QString& detail);
    bool mayClose();
    void leaveProject(std::function<void()> then);
    void restore(const QString& folder, const QString& backup);

    ui::MainWindow& m_window;
    WorkerClient& m_worker;
    QString m_exampleFolder;
    RealExample m_realExample;
    std::unique_ptr<ProjectSession> m_session;
    std::optional<annotate::ImportResult> m_made;  // what came into the project that is being opened
    bool m_readyToClose = false;
    std::function<void()> m_leave;  // what comes when the project has been left
};

}  // namespace stet::app
