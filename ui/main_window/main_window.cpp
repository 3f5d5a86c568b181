#include "ui/main_window/main_window.h"

#include "ui/annotate/annotate_page.h"
#include "ui/common/key_map.h"
#include "ui/compare/compare_page.h"
#include "ui/main_window/notice_area.h"
#include "ui/main_window/page_rail.h"
#include "ui/main_window/status_line.h"
#include "ui/project/project_page.h"
#include "ui/round/rounds_page.h"
#include "ui/start/start_page.h"

#include <QAction>
#include <QActionGroup>
#include <QCloseEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QMenuBar>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace stet::ui {

namespace {

QString hintText(const QString& id)
{
    if (id == QStringLiteral("judge")) {
        return MainWindow::tr("This response has a mistake. Say what is wrong, in your own words.");
    }
    if (id == QStringLiteral("lit")) {
        return MainWindow::tr("The model itself finds this word inappropriate under your judgment.");
    }
    if (id == QStringLiteral("train")) {
        return MainWindow::tr(
            "Enough is judged to train on. One press starts a round; you can go on judging meanwhile.");
    }
    if (id == QStringLiteral("compare")) {
        return MainWindow::tr("The same instructions before and after the round. Choose the better response without "
                              "knowing which is which.");
    }
    return {};
}

}  // namespace

MainWindow::MainWindow(QWidget* parent) : QMainWindow(parent)
{
    build();
    buildMenus();
    retranslate();
    resize(1280, 800);
    setMinimumSize(820, 560);
    showStart();
}

void MainWindow::build()
{
    auto* central = new QWidget(this);
    m_rail = new PageRail(central);
    m_notices = new NoticeArea(central);
    m_stack = new QStackedWidget(central);
    m_start = new StartPage(m_stack);
    m_annotate = new AnnotatePage(m_stack);
    m_rounds = new RoundsPage(m_stack);
    m_compare = new ComparePage(m_stack);
    m_project = new ProjectPage(m_stack);
    for (QWidget* page : std::initializer_list<QWidget*>{m_annotate, m_rounds, m_compare, m_project, m_start}) {
        m_stack->addWidget(page);
    }
    m_project->setMinimumSize(1, 1);  // with large letters it gives way; the window stays on the screen
    m_status = new StatusLine(this);
    setStatusBar(m_status);
    auto* column = new QVBoxLayout;
    column->setSpacing(0);
    column->addWidget(m_notices);
    column->addWidget(m_stack, 1);
    auto* row = new QHBoxLayout(central);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_rail);
    row->addLayout(column, 1);
    setCentralWidget(central);
    connect(m_rail, &PageRail::pagePressed, this, &MainWindow::setPage);
    connect(m_rail, &PageRail::roundBarPressed, this, [this] {
        setPage(Page::Rounds);
        Q_EMIT roundBarClicked();
    });
    connect(m_notices, &NoticeArea::action, this, &MainWindow::noticeAction);
    connect(m_status, &StatusLine::restartPressed, this, &MainWindow::workerRestartRequested);
    connect(m_compare, &ComparePage::startCompareRequested, this, [this] { setPage(Page::Rounds); });
}

void MainWindow::buildMenus()
{
    m_fileMenu = menuBar()->addMenu(QString());
    m_open = m_fileMenu->addAction(QString(), this, &MainWindow::openProject);
    m_open->setShortcut(QKeySequence::Open);
    m_close = m_fileMenu->addAction(QString(), this, &MainWindow::closeProjectRequested);
    m_fileMenu->addSeparator();
    m_quit = m_fileMenu->addAction(QString(), this, &QWidget::close);
    m_quit->setShortcut(QKeySequence(QStringLiteral("Ctrl+Q")));
    m_viewMenu = menuBar()->addMenu(QString());
    constexpr KeyAction keys[] = {KeyAction::PageAnnotate, KeyAction::PageRounds, KeyAction::PageCompare,
                                  KeyAction::PageProject};
    for (int i = 0; i < 4; ++i) {
        QAction* action = m_viewMenu->addAction(QString(), this, [this, i] { setPage(static_cast<Page>(i)); });
        action->setShortcut(defaultKeys().key(keys[i]));
        m_pageActions.push_back(action);
    }
    m_viewMenu->addSeparator();
    const auto choices = [this](QMenu*& menu, QActionGroup*& group, const QStringList& values) {
        menu = m_viewMenu->addMenu(QString());
        group = new QActionGroup(this);
        for (const QString& value : values) {
            QAction* action = menu->addAction(QString());
            action->setCheckable(true);
            action->setData(value);
            group->addAction(action);
        }
    };
    choices(m_languageMenu, m_languageGroup, {QStringLiteral("en"), QStringLiteral("zh_CN")});
    choices(m_themeMenu, m_themeGroup, {QStringLiteral("0"), QStringLiteral("1"), QStringLiteral("2")});
    connect(m_languageGroup, &QActionGroup::triggered, this,
            [this](QAction* action) { Q_EMIT languageChosen(action->data().toString()); });
    connect(m_themeGroup, &QActionGroup::triggered, this,
            [this](QAction* action) { Q_EMIT themeChosen(static_cast<ThemeChoice>(action->data().toInt())); });
    m_helpMenu = menuBar()->addMenu(QString());
    m_keys = m_helpMenu->addAction(QString(), this, [this] {
        setPage(Page::Annotate);
        m_annotate->showKeys();
    });
    m_hintsAgain = m_helpMenu->addAction(QString(), this, [this] {
        m_seenHints.clear();
        Q_EMIT hintsAgainRequested();
    });
    m_helpMenu->addSeparator();
    m_showAbout = m_helpMenu->addAction(QString(), this, &MainWindow::showAbout);
    m_showAbout->setMenuRole(QAction::AboutRole);
    setLanguage(QStringLiteral("en"));
    setThemeChoice(ThemeChoice::System);
}

void MainWindow::retranslate()
{
    m_fileMenu->setTitle(tr("&File"));
    m_open->setText(tr("&Open a project …"));
    m_close->setText(tr("&Close the project"));
    m_quit->setText(tr("&Quit"));
    m_viewMenu->setTitle(tr("&View"));
    const QString pages[] = {tr("Annotate"), tr("Rounds"), tr("Compare"), tr("Project")};
    for (std::size_t i = 0; i < m_pageActions.size(); ++i) {
        m_pageActions[i]->setText(pages[i]);
    }
    m_languageMenu->setTitle(tr("Language"));
    // In their own words, so that they can be found by who needs them.
    m_languageGroup->actions().at(0)->setText(QStringLiteral("English"));
    m_languageGroup->actions().at(1)->setText(QStringLiteral("简体中文"));
    m_themeMenu->setTitle(tr("Theme"));
    const QString themes[] = {tr("As the desktop"), tr("Light"), tr("Dark")};
    for (int i = 0; i < 3; ++i) {
        m_themeGroup->actions().at(i)->setText(themes[i]);
    }
    m_helpMenu->setTitle(tr("&Help"));
    m_keys->setText(tr("All keys"));
    m_hintsAgain->setText(tr("Show the hints again"));
    m_showAbout->setText(tr("About Stet"));
    setWindowTitle(m_projectName.isEmpty() ? QStringLiteral("Stet") : m_projectName + QStringLiteral(" – Stet"));
}

void MainWindow::showStart()
{
    m_projectName.clear();
    m_rail->hide();
    m_stack->setCurrentWidget(m_start);
    m_status->setProjectShown(false);
    m_close->setEnabled(false);
    m_keys->setEnabled(false);
    for (QAction* action : m_pageActions) {
        action->setEnabled(false);
    }
    hideHints();
    retranslate();
}

void MainWindow::showProject(const QString& name)
{
    m_projectName = name;
    m_rail->show();
    m_status->setProjectShown(true);
    m_close->setEnabled(true);
    m_keys->setEnabled(true);
    for (QAction* action : m_pageActions) {
        action->setEnabled(true);
    }
    retranslate();
    setPage(Page::Annotate);
}

bool MainWindow::isProjectShown() const
{
    return m_stack->currentWidget() != m_start;
}

void MainWindow::setPage(Page page)
{
    QWidget* const pages[] = {m_annotate, m_rounds, m_compare, m_project};
    QWidget* wanted = pages[static_cast<std::size_t>(page)];
    const bool changed = m_stack->currentWidget() != wanted;
    m_stack->setCurrentWidget(wanted);
    m_rail->setPage(page);
    if (changed) {
        // A hint has been seen where it was shown, and is not carried along.
        dismiss(page == Page::Rounds ? QString() : QStringLiteral("hint-train"));
        dismiss(page == Page::Compare ? QString() : QStringLiteral("hint-compare"));
        wanted == m_annotate ? m_annotate->focusResponse() : wanted->setFocus(Qt::OtherFocusReason);
        Q_EMIT pageChanged(page);
    }
}

Page MainWindow::page() const
{
    return static_cast<Page>(std::clamp(m_stack->currentIndex(), 0, 3));
}

void MainWindow::setRoundBar(const std::optional<RoundBar>& bar)
{
    m_rail->setRoundBar(bar);
}

void MainWindow::setSaved(const SavedState& state)
{
    m_status->setSaved(state);
    m_annotate->setSaved(state);
}

void MainWindow::setModelLine(const QString& modelName, int round)
{
    m_status->setModel(modelName, round);
}

void MainWindow::setDevice(const QString& device, const QString& dtype, const QString& reason)
{
    m_status->setDevice(device, dtype, reason);
}

void MainWindow::setWorker(WorkerState state, const QString& detail)
{
    m_status->setWorker(state, detail);
}

void MainWindow::notify(const Notice& notice)
{
    m_notices->add(notice);
}

void MainWindow::dismiss(const QString& noticeId)
{
    m_notices->remove(noticeId);
}

void MainWindow::setSeenHints(const QStringList& seen)
{
    m_seenHints = seen;
}

bool MainWindow::showHint(const QString& id)
{
    const QString text = hintText(id);
    if (text.isEmpty() || m_seenHints.contains(id)) {
        return false;
    }
    m_seenHints << id;
    if (id == QStringLiteral("judge") || id == QStringLiteral("lit")) {
        m_annotate->showHint(id, text);
    } else {
        notify({QStringLiteral("hint-") + id, Notice::Level::Info, text, {}});
    }
    Q_EMIT hintSeen(id);
    return true;
}

void MainWindow::retranslateHints()
{
    for (const char* name : {"train", "compare"}) {
        const QString id = QString::fromLatin1(name);
        if (m_notices->contains(QStringLiteral("hint-") + id)) {
            notify({QStringLiteral("hint-") + id, Notice::Level::Info, hintText(id), {}});
        }
    }
    if (const QString shown = m_annotate->shownHint(); !shown.isEmpty()) {
        m_annotate->showHint(shown, hintText(shown));
    }
}

void MainWindow::hideHints()
{
    m_annotate->hideHint();
    dismiss(QStringLiteral("hint-train"));
    dismiss(QStringLiteral("hint-compare"));
}

void MainWindow::setLanguage(const QString& language)
{
    for (QAction* action : m_languageGroup->actions()) {
        action->setChecked(action->data().toString() == language);
    }
}

void MainWindow::setThemeChoice(ThemeChoice choice)
{
    m_themeGroup->actions().at(static_cast<int>(choice))->setChecked(true);
}

void MainWindow::setCloseGuard(std::function<bool()> mayClose)
{
    m_mayClose = std::move(mayClose);
}

void MainWindow::openProject()
{
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Open a project: choose its folder NAME.stet"));
    if (!folder.isEmpty()) {
        Q_EMIT openProjectRequested(folder);
    }
}

void MainWindow::showAbout()
{
    (new AboutDialog(m_about, m_status->workerLine(), this))->open();
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    m_mayClose && !m_mayClose() ? event->ignore() : event->accept();
}

void MainWindow::changeEvent(QEvent* event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        retranslateHints();
        Q_EMIT languageChanged();
    }
}

}  // namespace stet::ui
