// The real window with the real worker on the bundled example: what a person does in it, and what becomes of their
// words when something dies.
#include "annotate/exchange/example_project.h"
#include "annotate/store/project.h"
#include "base/json.h"
#include "tests/annotate/held_database.h"
#include "tests/app/session/live_window.h"
#include "tests/support/paths.h"
#include "ui/annotate/annotate_page.h"
#include "ui/common/translation.h"
#include "ui/project/findings_table.h"
#include "ui/project/project_page.h"
#include "ui/round/plan_panel.h"
#include "ui/round/rounds_page.h"

#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>

using namespace stet;
using test::LiveWindow;
using test::waitFor;

class TestLiveWindow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void cleanupTestCase();
    void wordsLightUpWhileTypingAndFollowTheText();
    void aVerdictIsStoredAndTheNextResponseComes();
    void thePlanSaysWhatIsPushedDownAlsoRightAfterQuickVerdicts();
    void wordsTypedAndNotSubmittedAreThereAgain();
    void aRoundRunsWhileJudgingGoesOnThenComparesAndIsAdopted();
    void aStoppedRoundIsKeptOrThrownAway_data();
    void aStoppedRoundIsKeptOrThrownAway();
    void aKilledWorkerIsNamedAndStartedAgainAndNoWordIsLost();
    void aWorkerKilledInARoundLeavesTheRoundToResume();
    void closingTheWindowInARoundCheckpointsIt();
    void openingAnotherProjectInARoundCheckpointsIt();
    void wordsThatCannotBeWrittenKeepTheWindowOpenUntilTheyAre();
    void wordsThatCannotBeWrittenFollowTheirResponse();
    void aVerdictThatCannotBeWrittenKeepsItsWords();
    void whatChangedIsBackedUpFromTimeToTime();
    void aBackupIsRestoredByItsButton();
    void aMovedModelFolderIsChosenAgainWhereItIsSaid();
    void anImportIsCancelledByTheProjectsEnd();
    void theRealJudgmentsAreImportedAndChecked();

private:
    std::unique_ptr<annotate::Project> project() const
    {
        return annotate::Project::open(m_live->projectFolder().toStdString());
    }
    QByteArray roundLog() const
    {
        QFile log(m_live->projectFolder() + QStringLiteral("/rounds/0001/log.jsonl"));
        return log.open(QIODevice::ReadOnly) ? log.readAll() : QByteArray();
    }
    bool roundReaches(int steps) const
    {
        return waitFor([&] { return roundLog().count('\n') >= steps; });
    }
    // From the database itself, by another connection: what is on the disk.
    annotate::RoundState roundState() const
    {
        const auto rounds = project()->rounds();
        return rounds.empty() ? annotate::RoundState::Prepared : rounds.back().state;
    }
    // The plain log-probability of the first token of the response on screen.
    double firstLogProb() const { return m_live->heatMap()->model().scores()->plain.front(); }
    void halveRounds();
    void startRound();

    QStringList m_failed;  // and what stood on the screen then
    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<LiveWindow> m_live;
};

void TestLiveWindow::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    test::useHome(m_home->path());
    ui::installTranslator(*qApp, QStringLiteral("en"));
    m_live = std::make_unique<LiveWindow>();
    QVERIFY(m_live->openExample());
}

void TestLiveWindow::cleanup()
{
    if (QTest::currentTestFailed() && m_live) {
        m_failed << QStringLiteral("%1(%2): %3\n%4")
                        .arg(QString::fromLatin1(QTest::currentTestFunction()),
                             QString::fromLatin1(QTest::currentDataTag()), m_live->description(),
                             QString::fromUtf8(roundLog().right(400)));
    }
    m_live.reset();
}

// Last of all, where a log that was cut in the middle still has it.
void TestLiveWindow::cleanupTestCase()
{
    for (const QString& failed : std::as_const(m_failed)) {
        qWarning().noquote() << failed;
    }
}

// Two passes, 52 steps, in place of the example's four: enough to be stopped in the middle.
void TestLiveWindow::halveRounds()
{
    const QString folder = m_live->projectFolder();
    m_live.reset();
    annotate::Project::open(folder.toStdString())->setSetting("round", R"({"epochs": 2, "batch_size": 8, "seed": 42})");
    m_live = std::make_unique<LiveWindow>();
    QVERIFY(m_live->openProject(folder));
}

void TestLiveWindow::startRound()
{
    m_live->window().setPage(ui::Page::Rounds);
    QPushButton* start = nullptr;
    QVERIFY(waitFor([&] {
        start = m_live->button(QStringLiteral("Start a round"));
        return start != nullptr && start->isEnabled();
    }));
    QTest::mouseClick(start, Qt::LeftButton);
}

void TestLiveWindow::wordsLightUpWhileTypingAndFollowTheText()
{
    QVERIFY(waitFor([this] { return m_live->scored(); }));
    QCOMPARE(m_live->heatMap()->firstFlagged(), -1);
    QVERIFY(m_live->heatMap()->text().startsWith(QStringLiteral("Sure!")));
    m_live->type(QStringLiteral("Do not start with \"Sure!\"."));
    QVERIFY(!m_live->scored());  // the paint is of the text before, and says so
    QVERIFY(waitFor([this] { return m_live->scored(); }));
    QCOMPARE(m_live->heatMap()->firstFlagged(), 0);
    // The words are taken back, and with them what they flagged.
    m_live->judgment()->selectAll();
    QTest::keyClick(m_live->judgment(), Qt::Key_Backspace);
    QVERIFY(waitFor([this] { return m_live->scored() && m_live->heatMap()->firstFlagged() < 0; }));
}

void TestLiveWindow::aVerdictIsStoredAndTheNextResponseComes()
{
    const annotate::ResponseId first{m_live->shownId()};
    m_live->type(QStringLiteral("No \"Sure!\" please."));
    QVERIFY(m_live->submit());
    QVERIFY(waitFor([&] { return project()->item(first)->verdict == annotate::Verdict::Criticised; }));
    QCOMPARE(project()->item(first)->judgment, std::string("No \"Sure!\" please."));
    QVERIFY(m_live->shownId() != first.value);
    QVERIFY(m_live->judgment()->toPlainText().isEmpty());
}

void TestLiveWindow::thePlanSaysWhatIsPushedDownAlsoRightAfterQuickVerdicts()
{
    for (int i = 0; i < 4; ++i) {
        m_live->type(QStringLiteral("Do not start with \"Sure!\"."));
        QVERIFY(m_live->submit());
    }
    m_live->window().setPage(ui::Page::Rounds);
    const auto* plan = m_live->window().findChild<ui::RoundPlanPanel*>();
    QVERIFY(waitFor([&] { return plan->planText().contains(QStringLiteral("tokens pushed down")); }));
    const auto criticised = project()->counts().criticised;
    QVERIFY2(plan->planText().startsWith(QStringLiteral("%1 criticised").arg(criticised)),
             qPrintable(plan->planText()));
}

void TestLiveWindow::wordsTypedAndNotSubmittedAreThereAgain()
{
    const annotate::ResponseId first{m_live->shownId()};
    m_live->type(QStringLiteral("half a thou"));
    QVERIFY(waitFor([&] { return project()->item(first)->draft == std::optional<std::string>("half a thou"); }));
    const QString folder = m_live->projectFolder();
    m_live = std::make_unique<LiveWindow>();
    QVERIFY(m_live->openProject(folder));
    QVERIFY(waitFor([&] { return m_live->shownId() == first.value; }));
    QCOMPARE(m_live->judgment()->toPlainText(), QStringLiteral("half a thou"));
}

void TestLiveWindow::aRoundRunsWhileJudgingGoesOnThenComparesAndIsAdopted()
{
    QVERIFY(waitFor([this] { return m_live->scored(); }));
    const double before = firstLogProb();
    startRound();
    QVERIFY(roundReaches(3));
    m_live->window().setPage(ui::Page::Annotate);
    m_live->type(QStringLiteral("Do not start with \"Sure!\"."));
    QVERIFY(waitFor([this] { return m_live->scored() && m_live->heatMap()->firstFlagged() == 0; }));
    QVERIFY(m_live->controller().session()->roundController()->isRunning());
    QVERIFY(m_live->submit());
    // It says that it is done, and takes nobody's page away.
    QVERIFY(waitFor([this] { return m_live->button(QStringLiteral("Compare now")) != nullptr; }));
    QCOMPARE(m_live->window().page(), ui::Page::Annotate);
    QTest::mouseClick(m_live->button(QStringLiteral("Compare now")), Qt::LeftButton);
    QVERIFY(waitFor([this] { return m_live->window().page() == ui::Page::Compare; }));
    QVERIFY(m_live->button(QStringLiteral("Compare now")) == nullptr);
    QVERIFY(waitFor([this] { return m_live->button(QStringLiteral("Adopt round 1")) != nullptr; }));
    QVERIFY(waitFor([this] { return m_live->button(QStringLiteral("Adopt round 1"))->isEnabled(); }));
    QTest::mouseClick(m_live->button(QStringLiteral("Adopt round 1")), Qt::LeftButton);
    QVERIFY(waitFor([this] { return project()->currentRound() == 1; }));
    // The next score is the adopted model's: it no longer thinks of "Sure!" by itself.
    m_live->window().setPage(ui::Page::Annotate);
    QVERIFY(waitFor([&] { return m_live->scored() && firstLogProb() < before - 1; }));
}

void TestLiveWindow::aStoppedRoundIsKeptOrThrownAway_data()
{
    QTest::addColumn<bool>("keep");
    QTest::newRow("kept") << true;
    QTest::newRow("thrown away") << false;
}

void TestLiveWindow::aStoppedRoundIsKeptOrThrownAway()
{
    QFETCH(bool, keep);
    startRound();
    QVERIFY(roundReaches(5));
    // The window hears of a step after it is in the log.
    QVERIFY(waitFor([this] { return m_live->button(QStringLiteral("Stop …")) != nullptr; }));
    QTest::mouseClick(m_live->button(QStringLiteral("Stop …")), Qt::LeftButton);
    QTest::mouseClick(m_live->button(keep ? QStringLiteral("Stop and keep") : QStringLiteral("Stop and discard")),
                      Qt::LeftButton);
    const QString adapter = m_live->projectFolder() + QStringLiteral("/rounds/0001/adapter/adapter_model.safetensors");
    const auto wanted = keep ? annotate::RoundState::Finished : annotate::RoundState::Discarded;
    QVERIFY(waitFor([&] { return roundState() == wanted; }));
    QCOMPARE(QFile::exists(adapter), keep);
    QVERIFY(roundLog().count('\n') < 112);
}

void TestLiveWindow::aKilledWorkerIsNamedAndStartedAgainAndNoWordIsLost()
{
    const annotate::ResponseId first{m_live->shownId()};
    m_live->type(QStringLiteral("Do not start"));
    QSignalSpy states(&m_live->worker(), &app::WorkerClient::stateChanged);
    ::kill(static_cast<pid_t>(m_live->worker().processId()), SIGKILL);
    m_live->type(QStringLiteral(" with \"Sure!\"."));
    QVERIFY(waitFor([&] { return states.count() > 0; }));
    QVERIFY2(states.at(0).at(1).toString().contains(QStringLiteral("killed")),
             qPrintable(states.at(0).at(1).toString()));
    QVERIFY(waitFor([this] { return m_live->worker().state() == app::WorkerClient::State::Ready; }));
    // It scores again by itself, what is on screen now.
    QVERIFY(waitFor([this] { return m_live->scored() && m_live->heatMap()->firstFlagged() == 0; }));
    QCOMPARE(m_live->judgment()->toPlainText(), QStringLiteral("Do not start with \"Sure!\"."));
    QVERIFY(waitFor(
        [&] { return project()->item(first)->draft == std::optional<std::string>("Do not start with \"Sure!\"."); }));
}

void TestLiveWindow::aWorkerKilledInARoundLeavesTheRoundToResume()
{
    halveRounds();
    startRound();
    QVERIFY(roundReaches(5));
    ::kill(static_cast<pid_t>(m_live->worker().processId()), SIGKILL);
    QVERIFY(waitFor([this] { return roundState() == annotate::RoundState::Paused; }));
    QVERIFY(waitFor([this] { return m_live->worker().state() == app::WorkerClient::State::Ready; }));
    Q_EMIT m_live->window().roundsPage()->resumeRequested(1);
    QVERIFY(waitFor([this] { return roundState() == annotate::RoundState::Finished; }));
    QCOMPARE(roundLog().count('\n'), 52);
}

void TestLiveWindow::closingTheWindowInARoundCheckpointsIt()
{
    halveRounds();
    startRound();
    QVERIFY(roundReaches(5));
    const QString folder = m_live->projectFolder();
    m_live->window().close();
    QVERIFY(waitFor([this] { return !m_live->window().isVisible(); }));
    m_live = std::make_unique<LiveWindow>();
    QVERIFY(m_live->openProject(folder));
    QCOMPARE(roundState(), annotate::RoundState::Paused);
    QPushButton* resume = nullptr;
    QVERIFY(waitFor([&] { return (resume = m_live->button(QStringLiteral("Resume the round"))) != nullptr; }));
    QTest::mouseClick(resume, Qt::LeftButton);
    QVERIFY(waitFor([this] { return roundState() == annotate::RoundState::Finished; }));
    QCOMPARE(roundLog().count('\n'), 52);
}

void TestLiveWindow::openingAnotherProjectInARoundCheckpointsIt()
{
    halveRounds();
    const QString first = m_live->projectFolder();
    const QString second = m_home->filePath(QStringLiteral("second.stet"));
    annotate::createExampleProject(test::exampleDir(), second.toStdString());
    startRound();
    QVERIFY(roundReaches(5));
    QVERIFY(m_live->openProject(second));
    QVERIFY(waitFor([&] { return m_live->projectFolder() == second && m_live->shownId() >= 0; }));
    QCOMPARE(annotate::Project::open(first.toStdString())->rounds().back().state, annotate::RoundState::Paused);
    // The worker is free again: the other project's response is scored.
    QVERIFY(waitFor([this] { return m_live->scored(); }));
}

void TestLiveWindow::wordsThatCannotBeWrittenKeepTheWindowOpenUntilTheyAre()
{
    const annotate::ResponseId first{m_live->shownId()};
    auto held = std::make_unique<test::HeldDatabase>(m_live->projectFolder().toStdString());
    m_live->type(QStringLiteral("Not on the disk"));
    m_live->window().close();
    QVERIFY(waitFor([this] { return m_live->button(QStringLiteral("Close without them")) != nullptr; }));
    QVERIFY(m_live->window().isVisible());
    held.reset();
    // They are tried again without being asked, and the question goes with its reason.
    QVERIFY(waitFor([&] { return project()->item(first)->draft == std::optional<std::string>("Not on the disk"); }));
    QVERIFY(waitFor([this] { return m_live->button(QStringLiteral("Close without them")) == nullptr; }));
    m_live->window().close();
    QVERIFY(!m_live->window().isVisible());
}

void TestLiveWindow::wordsThatCannotBeWrittenFollowTheirResponse()
{
    const annotate::ResponseId first{m_live->shownId()};
    auto held = std::make_unique<test::HeldDatabase>(m_live->projectFolder().toStdString());
    m_live->type(QStringLiteral("Half a"));
    Q_EMIT m_live->window().annotatePage()->nextRequested(first);
    QVERIFY(waitFor([&] { return m_live->shownId() != first.value; }));
    Q_EMIT m_live->window().annotatePage()->openRequested(first);
    QVERIFY(waitFor([&] { return m_live->shownId() == first.value; }));
    QCOMPARE(m_live->judgment()->toPlainText(), QStringLiteral("Half a"));
    held.reset();
    QVERIFY(waitFor([&] { return project()->item(first)->draft == std::optional<std::string>("Half a"); }));
    m_live->window().close();
    QVERIFY(waitFor([this] { return !m_live->window().isVisible(); }));
}

void TestLiveWindow::aVerdictThatCannotBeWrittenKeepsItsWords()
{
    const annotate::ResponseId first{m_live->shownId()};
    auto held = std::make_unique<test::HeldDatabase>(m_live->projectFolder().toStdString());
    m_live->type(QStringLiteral("No \"Sure!\"."));
    QTest::keyClick(m_live->judgment(), Qt::Key_Return, Qt::ControlModifier);
    m_live->window().close();
    QVERIFY(waitFor([this] { return m_live->button(QStringLiteral("Close without them")) != nullptr; }));
    QCOMPARE(m_live->shownId(), first.value);
    held.reset();
    QVERIFY(waitFor([&] { return project()->item(first)->draft == std::optional<std::string>("No \"Sure!\"."); }));
    QVERIFY(m_live->submit());
    QVERIFY(waitFor([&] { return project()->item(first)->verdict == annotate::Verdict::Criticised; }));
}

void TestLiveWindow::whatChangedIsBackedUpFromTimeToTime()
{
    const auto copies = [this] {
        return QDir(m_live->projectFolder() + QStringLiteral("/backups"))
            .entryList({QStringLiteral("*.db")}, QDir::Files)
            .size();
    };
    QTimer& timer = m_live->controller().session()->projectController()->backupTimer();
    QVERIFY(timer.isActive());
    const auto before = copies();
    m_live->type(QStringLiteral("No \"Sure!\"."));
    QVERIFY(m_live->submit());
    timer.start(1);
    QVERIFY(waitFor([&] { return copies() == before + 1; }));
}

void TestLiveWindow::aBackupIsRestoredByItsButton()
{
    const annotate::ResponseId first{m_live->shownId()};
    m_live->type(QStringLiteral("No \"Sure!\"."));
    QVERIFY(m_live->submit());
    QVERIFY(waitFor([&] { return project()->item(first)->verdict == annotate::Verdict::Criticised; }));
    const QDir backups(m_live->projectFolder() + QStringLiteral("/backups"));
    const QString copy = backups.filePath(backups.entryList({QStringLiteral("*.db")}, QDir::Files).value(0));
    QSignalSpy opened(&m_live->controller(), &app::WindowController::projectOpened);
    Q_EMIT m_live->window().projectPage()->restoreRequested(copy);  // the one made when it was opened
    QVERIFY(waitFor([&] { return opened.count() == 1; }));
    QVERIFY(waitFor([&] { return m_live->shownId() == first.value && m_live->scored(); }));
    QCOMPARE(project()->item(first)->verdict, annotate::Verdict::Open);
}

void TestLiveWindow::aMovedModelFolderIsChosenAgainWhereItIsSaid()
{
    const QString folder = m_live->projectFolder();
    const QString model = QString::fromStdString(project()->setting("model"));
    m_live.reset();
    annotate::Project::open(folder.toStdString())->setSetting("model", "/nowhere/model");
    m_live = std::make_unique<LiveWindow>();
    QVERIFY(m_live->openProject(folder));
    QPushButton* choose = nullptr;
    QVERIFY(waitFor([&] { return (choose = m_live->button(QStringLiteral("Choose its folder"))) != nullptr; }));
    const auto inspectorSays = [this](const QString& words) {
        const auto labels = m_live->window().annotatePage()->findChildren<QLabel*>();
        return std::any_of(labels.begin(), labels.end(),
                           [&](const QLabel* label) { return label->isVisible() && label->text().contains(words); });
    };
    QVERIFY(waitFor([&] { return inspectorSays(QStringLiteral("/nowhere/model")); }));
    QVERIFY(!inspectorSays(QStringLiteral("model/load")));
    m_live->type(QStringLiteral("Do not start with \"Sure!\"."));
    QTest::qWait(500);  // longer than the pause after a key: nobody is asked
    QVERIFY(!inspectorSays(QStringLiteral("model/load")));
    QTest::mouseClick(m_live->button(QStringLiteral("Choose its folder")), Qt::LeftButton);
    QFileDialog* dialog = nullptr;
    QVERIFY(waitFor([&] { return (dialog = m_live->window().findChild<QFileDialog*>()) != nullptr; }));
    auto* name = dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"));
    name->setText(model);
    QTest::keyClick(name, Qt::Key_Return);
    QVERIFY(waitFor([&] { return m_live->scored() && m_live->heatMap()->firstFlagged() == 0; }));
    QVERIFY(m_live->button(QStringLiteral("Choose its folder")) == nullptr);
    QVERIFY(waitFor([&] { return project()->setting("model") == model.toStdString(); }));
}

void TestLiveWindow::anImportIsCancelledByTheProjectsEnd()
{
    const QString file = m_home->filePath(QStringLiteral("many.jsonl"));
    QFile data(file);
    QVERIFY(data.open(QIODevice::WriteOnly));
    for (int i = 0; i < 50'000; ++i) {
        data.write(QStringLiteral(R"({"id":"n%1","instruction":"Say %1.","output":"%1"})").arg(i).toUtf8() + '\n');
    }
    data.close();
    Q_EMIT m_live->window().projectPage()->importRequested(file, QStringLiteral("auto"));
    const QString folder = m_live->projectFolder();
    m_live.reset();
    QCOMPARE(annotate::Project::open(folder.toStdString())->counts().total, 218);
}

void TestLiveWindow::theRealJudgmentsAreImportedAndChecked()
{
    if (test::sharedData().empty()) {
        QSKIP("../shared/data is absent");
    }
    m_live->window().setPage(ui::Page::Project);
    Q_EMIT m_live->window().projectPage()->importRequested(
        QString::fromStdString(test::sharedData() + "/judgments/cut-online-iter1.json"), QStringLiteral("auto"));
    auto* findings = m_live->window().findChild<ui::FindingsTable*>();
    QVERIFY(waitFor([&] { return findings->rowCount() > 0; }));
    QVERIFY(findings->item(0, 0)->text().startsWith(QStringLiteral("47 judgment")));
    QCOMPARE(project()->counts().total, 218);  // nothing has come in yet
    Q_EMIT m_live->window().projectPage()->importDecided({});
    QVERIFY(waitFor([&] { return project()->counts().total == 218 + 1000; }));
    const auto counts = project()->counts();
    QCOMPARE(counts.total, 218 + 1000);
    QCOMPARE(counts.accepted, 12 + 713);
    QCOMPARE(counts.criticised, 194 + 287);
    // The model of the example reads 256 tokens: what a round would cut is said before it is started.
    m_live->window().setPage(ui::Page::Rounds);
    const auto saysCut = [this] {
        for (const QLabel* label : m_live->window().roundsPage()->findChildren<QLabel*>()) {
            if (label->text().contains(QStringLiteral("cut to the model's context"))) {
                return true;
            }
        }
        return false;
    };
    QVERIFY(waitFor(saysCut));
}

QTEST_MAIN(TestLiveWindow)
#include "tst_live_window.moc"
