// The frame: rail with four pages, slim bar of a running round, notices instead of dialogs, status bar, menu.
//
// Made by main, which owns it; app/session connects controllers to the pages (all owned by the window). GUI thread
// only. Not a singleton and no state of its own but what is on screen.
#pragma once

#include "ui/common/theme.h"
#include "ui/main_window/about_dialog.h"
#include "ui/main_window/frame.h"

#include <QMainWindow>
#include <QString>

#include <functional>
#include <optional>
#include <vector>

class QAction;
class QActionGroup;
class QMenu;
class QStackedWidget;

namespace stet::ui {

class AnnotatePage;
class ComparePage;
class NoticeArea;
class PageRail;
class ProjectPage;
class RoundsPage;
class StartPage;
class StatusLine;

enum class WorkerState { Off, Starting, Ready, Restarting, Lost };

class MainWindow : public QMainWindow, public Frame {
    Q_OBJECT

public:
    explicit MainWindow(QWidget* parent = nullptr);

    StartPage* startPage() const { return m_start; }
    AnnotatePage* annotatePage() const { return m_annotate; }
    RoundsPage* roundsPage() const { return m_rounds; }
    ComparePage* comparePage() const { return m_compare; }
    ProjectPage* projectPage() const { return m_project; }

    void showStart();                       // no project open: rail and project's menu are away
    void showProject(const QString& name);  // goes to Annotate
    void setPage(Page page) override;
    Page page() const;
    bool isProjectShown() const;

    void setRoundBar(const std::optional<RoundBar>& bar) override;
    void setSaved(const SavedState& state) override;
    void setModelLine(const QString& modelName, int round) override;
    void setDevice(const QString& device, const QString& dtype, const QString& reason);  // reason may be empty
    void setWorker(WorkerState state, const QString& detail = {});

    void notify(const Notice& notice) override;
    void dismiss(const QString& noticeId) override;

    void setSeenHints(const QStringList& seen);  // from the settings; grows by hintSeen
    bool showHint(const QString& id) override;
    void hideHints() override;

    // Reflect the settings; languageChosen/themeChosen are emitted only by the person.
    void setLanguage(const QString& language);  // "en", "zh_CN"
    void setThemeChoice(ThemeChoice choice);

    void setAbout(AboutStet about) { m_about = std::move(about); }  // what Help → About Stet shows

    // Asked when the window is to close; false keeps it open (a round is being checkpointed, words being written). The
    // controller calls close() again when done. Default: closes.
    void setCloseGuard(std::function<bool()> mayClose);

Q_SIGNALS:
    void pageChanged(stet::ui::Page page);
    void noticeAction(const QString& noticeId, const QString& actionId);  // × emits action "dismissed"
    void languageChosen(const QString& language);
    void themeChosen(stet::ui::ThemeChoice choice);
    void hintSeen(const QString& id);
    void hintsAgainRequested();    // Help → Show the hints again; the window has forgotten `seen` already
    void closeProjectRequested();  // File → Close project
    void openProjectRequested(const QString& path);  // File → Open…
    void roundBarClicked();
    void workerRestartRequested();
    void languageChanged();  // the window's own words are exchanged: put sentences made elsewhere again

protected:
    void changeEvent(QEvent* event) override;
    void closeEvent(QCloseEvent* event) override;

private:
    void build();
    void buildMenus();
    void retranslate();
    void retranslateHints();
    void openProject();
    void showAbout();

    StartPage* m_start = nullptr;
    AnnotatePage* m_annotate = nullptr;
    RoundsPage* m_rounds = nullptr;
    ComparePage* m_compare = nullptr;
    ProjectPage* m_project = nullptr;
    PageRail* m_rail = nullptr;
    NoticeArea* m_notices = nullptr;
    QStackedWidget* m_stack = nullptr;
    StatusLine* m_status = nullptr;
    QStringList m_seenHints;
    QString m_projectName;
    std::function<bool()> m_mayClose;
    AboutStet m_about;

    QMenu* m_fileMenu = nullptr;
    QMenu* m_viewMenu = nullptr;
    QMenu* m_languageMenu = nullptr;
    QMenu* m_themeMenu = nullptr;
    QMenu* m_helpMenu = nullptr;
    QActionGroup* m_languageGroup = nullptr;
    QActionGroup* m_themeGroup = nullptr;
    std::vector<QAction*> m_pageActions;
    QAction* m_open = nullptr;
    QAction* m_close = nullptr;
    QAction* m_quit = nullptr;
    QAction* m_keys = nullptr;
    QAction* m_hintsAgain = nullptr;
    QAction* m_showAbout = nullptr;
};

}  // namespace stet::ui
