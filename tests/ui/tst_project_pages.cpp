// Start, where a project is opened or made, and Project, where its files are: values in, signals out.
#include "tests/ui/sample_findings.h"
#include "tests/ui/sample_formats.h"
#include "tests/ui/shown_page.h"
#include "ui/project/export_panel.h"
#include "ui/project/finding_rows.h"
#include "ui/project/findings_table.h"
#include "ui/project/generate_panel.h"
#include "ui/project/import_panel.h"
#include "ui/project/project_page.h"
#include "ui/project/side_panels.h"
#include "ui/start/new_project_form.h"
#include "ui/start/start_page.h"

#include <QDoubleSpinBox>
#include <QDragEnterEvent>
#include <QFile>
#include <QLabel>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabWidget>
#include <QTemporaryDir>

#include <algorithm>

using namespace stet;
using namespace stet::ui;
using namespace stet::test;

class ProjectPagesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { dressAsUsual(); }

    // --- Start
    void startOffersExampleNewAndRecent()
    {
        StartPage page;
        show(page);
        QSignalSpy example(&page, &StartPage::exampleRequested);
        QSignalSpy opened(&page, &StartPage::openRequested);
        QTest::mouseClick(button(page, QStringLiteral("Open the example")), Qt::LeftButton);
        QCOMPARE(example.count(), 1);
        page.setRecent(
            {{QStringLiteral("/p/a.stet"), QStringLiteral("a"), 218, 0, QDateTime::currentDateTime(), false}});
        QCoreApplication::processEvents();
        QTest::mouseClick(button(page, QStringLiteral("a")), Qt::LeftButton);
        QCOMPARE(opened.at(0).at(0).toString(), QStringLiteral("/p/a.stet"));
        page.setBusy(QStringLiteral("Opening …"));
        QVERIFY(!button(page, QStringLiteral("Open the example"))->isEnabled());
        QVERIFY(button(page, QStringLiteral("Cancel")) == nullptr);
        page.setProblem(QStringLiteral("It is not a project."));
        QVERIFY(button(page, QStringLiteral("Open the example"))->isEnabled());
    }

    void whatTakesLongCanBeCancelled()
    {
        StartPage page;
        show(page);
        QSignalSpy asked(&page, &StartPage::realExampleRequested);
        QSignalSpy cancelled(&page, &StartPage::cancelRequested);
        QTest::mouseClick(button(page, QStringLiteral("Open the example with a real model")), Qt::LeftButton);
        QCOMPARE(asked.count(), 1);
        page.setBusy(QStringLiteral("Fetching …"), true);
        QTest::mouseClick(button(page, QStringLiteral("Cancel")), Qt::LeftButton);
        QCOMPARE(cancelled.count(), 1);
        page.setBusy({});
        QVERIFY(button(page, QStringLiteral("Cancel")) == nullptr);
    }

    void aNewProjectNeedsAUsableModel()
    {
        StartPage page;
        show(page);
        page.setDefaultFolder(QStringLiteral("/home/you/Stet"));
        QTest::mouseClick(button(page, QStringLiteral("New project")), Qt::LeftButton);
        auto* form = page.findChild<NewProjectForm*>();
        QVERIFY(form->isVisible());
        QSignalSpy picked(&page, &StartPage::modelFolderPicked);
        QSignalSpy created(&page, &StartPage::createRequested);
        form->setModelFolder(QStringLiteral("/models/nano"));
        form->setDataFile(QStringLiteral("/data/x.json"));
        QCOMPARE(picked.at(0).at(0).toString(), QStringLiteral("/models/nano"));
        QPushButton* create = button(page, QStringLiteral("Create"));
        QVERIFY(!create->isEnabled());
        page.setModelVerdict(QStringLiteral("/models/other"), true, QStringLiteral("fits"));  // a late answer
        QVERIFY(!create->isEnabled());
        page.setModelVerdict(QStringLiteral("/models/nano"), true, QStringLiteral("fits"));
        QVERIFY(create->isEnabled());
        QTest::mouseClick(create, Qt::LeftButton);
        const auto project = created.at(0).at(0).value<NewProject>();
        QCOMPARE(project.name, QStringLiteral("nano"));
        QCOMPARE(project.modelFolder, QStringLiteral("/models/nano"));
        QCOMPARE(project.dataFile, QStringLiteral("/data/x.json"));
        QCOMPARE(project.folder, QStringLiteral("/home/you/Stet"));
        page.setModelVerdict(QStringLiteral("/models/nano"), false, QStringLiteral("No config.json."));
        QVERIFY(!create->isEnabled());
    }

    void aGgufFileIsAModel()
    {
        const QTemporaryDir dir;
        const QString file = dir.filePath(QStringLiteral("tiny-Q4_1.gguf"));
        QVERIFY(QFile(file).open(QIODevice::WriteOnly));
        NewProjectForm form;
        show(form);
        QSignalSpy picked(&form, &NewProjectForm::modelFolderPicked);
        const auto drop = [&](const QString& path) {
            QMimeData data;
            data.setUrls({QUrl::fromLocalFile(path)});
            QDragEnterEvent enter(QPoint(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
            QApplication::sendEvent(&form, &enter);
            QDropEvent event(QPointF(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
            QApplication::sendEvent(&form, &event);
        };
        drop(file);
        drop(dir.filePath(QStringLiteral("judged.jsonl")));
        QCOMPARE(picked.size(), 1);
        QCOMPARE(picked.at(0).at(0).toString(), file);
        QCOMPARE(form.project().modelFolder, file);
        QCOMPARE(form.project().name, QStringLiteral("tiny-Q4_1"));
        QCOMPARE(form.project().dataFile, dir.filePath(QStringLiteral("judged.jsonl")));
    }

    // --- Project
    void importFindingsExportGuidelinesBackups()
    {
        ProjectPage page;
        page.setFormats(sampleFormats());
        show(page);
        QSignalSpy imported(&page, &ProjectPage::importRequested);
        QSignalSpy wanted(&page, &ProjectPage::responseWanted);
        QSignalSpy exported(&page, &ProjectPage::exportRequested);
        QSignalSpy edited(&page, &ProjectPage::guidelinesEdited);
        QSignalSpy restored(&page, &ProjectPage::restoreRequested);
        page.findChild<ImportPanel*>()->setFile(QStringLiteral("/d/x.json"));
        QTest::mouseClick(button(page, QStringLiteral("Import")), Qt::LeftButton);
        QCOMPARE(imported.at(0).at(0).toString(), QStringLiteral("/d/x.json"));
        QCOMPARE(imported.at(0).at(1).toString(), QStringLiteral("auto"));
        page.setFindings({sampleFindings().front()});
        QCOMPARE(page.findChild<FindingsTable*>()->item(0, 0)->text(), sampleFindings().front().title);
        QTest::mouseClick(button(page, QStringLiteral("Show")), Qt::LeftButton);
        QCOMPARE(wanted.at(0).at(0).toString(), QStringLiteral("11"));
        page.findChild<ExportPanel*>()->exportTo(QStringLiteral("/d/out.json"));
        QCOMPARE(exported.at(0).at(1).toString(), QStringLiteral("cut"));
        QCOMPARE(exported.at(0).at(2).value<annotate::QueueFilter>(), annotate::QueueFilter::All);
        auto* tabs = page.findChild<QTabWidget*>();
        tabs->setCurrentIndex(4);
        page.setGuidelines(QStringLiteral("Be brief."));
        QCOMPARE(edited.count(), 0);  // the program's doing
        auto* edit = page.findChild<GuidelinesEditor*>()->edit();
        QTest::keyClicks(edit, QStringLiteral("x"));
        QCOMPARE(edited.count(), 1);
        tabs->setCurrentIndex(5);
        page.setBackups({{QStringLiteral("/b/1.db"), QDateTime::currentDateTime(), 120000}});
        QTest::mouseClick(button(page, QStringLiteral("Restore")), Qt::LeftButton);
        QCOMPARE(restored.at(0).at(0).toString(), QStringLiteral("/b/1.db"));
    }

    void whatIsDoneAboutEachKindIsChosenBeforeTheImport()
    {
        ProjectPage page;
        show(page);
        QSignalSpy decided(&page, &ProjectPage::importDecided);
        page.askAbout(sampleFindings());
        auto* table = page.findChild<FindingsTable*>();
        QCOMPARE(table->rowCount(), static_cast<int>(sampleFindings().size()));
        QVERIFY(table->choice().isEmpty());                               // nothing is done unasked
        QVERIFY(table->cellWidget(table->rowCount() - 1, 1) == nullptr);  // of a field there is nothing to choose
        table->choose(QStringLiteral("placeholder"), QStringLiteral("leave-out"));
        table->choose(QStringLiteral("praise"), QStringLiteral("accept"));
        table->setCurrentCell(1, 0);
        QCOMPARE(page.findChild<FindingRows*>()->item(0, 1)->text(), QStringLiteral("The <b>response</b> is perfect."));
        QTest::mouseClick(button(page, QStringLiteral("Import now")), Qt::LeftButton);
        const auto choice = decided.at(0).at(0).value<RemedyChoice>();
        QCOMPARE(choice.value(QStringLiteral("placeholder")), QStringLiteral("leave-out"));
        QCOMPARE(choice.value(QStringLiteral("praise")), QStringLiteral("accept"));
        QCOMPARE(choice.size(), 2);
        QTest::mouseClick(button(page, QStringLiteral("Don't import")), Qt::LeftButton);
        QVERIFY(!table->isVisible());
        QCOMPARE(decided.count(), 1);
    }

    void anImportThatCameInCanBeUndoneWhereItIsTold()
    {
        ProjectPage page;
        show(page);
        QSignalSpy undone(&page, &ProjectPage::undoImportRequested);
        page.setImportProgress(0, 0, QStringLiteral("3 responses imported."));
        page.setUndoable(true);
        QTest::mouseClick(button(page, QStringLiteral("Undo this import")), Qt::LeftButton);
        QCOMPARE(undone.count(), 1);
    }

    // --- Instructions
    void theModelIsAskedForWhatIsThere()
    {
        GeneratePanel panel;
        show(panel);
        QSignalSpy asked(&panel, &GeneratePanel::generateRequested);
        panel.setFresh(0);
        QVERIFY(!button(panel, QStringLiteral("Answer"))->isEnabled());
        panel.setFresh(30);
        panel.setMaxNewTokens(128);
        annotate::RoundRecord round;
        round.number = 1;
        round.state = annotate::RoundState::Finished;
        panel.setRounds({round}, 1);
        QTest::mouseClick(button(panel, QStringLiteral("Answer 30 instruction")), Qt::LeftButton);
        const auto choice = asked.at(0).at(0).value<GenerateChoice>();
        QCOMPARE(choice.instructions, 50);  // what is not there is not asked for
        QCOMPARE(choice.round, 1);
        QCOMPARE(choice.maxNewTokens, 128);
        QCOMPARE(choice.temperature, 0.0);
        panel.setRounds({round}, 0);
        QCOMPARE(panel.choice().round, 0);  // it follows what is adopted
    }

    // Greedy responses to an instruction are all the same.
    void severalResponsesNeedATemperature()
    {
        GeneratePanel panel;
        show(panel);
        panel.findChildren<QSpinBox*>().at(1)->setValue(3);
        QVERIFY(panel.choice().temperature > 0);
        panel.findChild<QDoubleSpinBox*>()->setValue(0);
        QCOMPARE(panel.choice().samples, 1);
    }

    void whatIsWrittenIsShownAndCanBeStopped()
    {
        GeneratePanel panel;
        show(panel);
        QSignalSpy stopped(&panel, &GeneratePanel::stopRequested);
        panel.setProgress(GenerateProgress{3, 50, 40});
        panel.setGrowingText(QStringLiteral("<b>Rosa</b> is a singer"));
        QCoreApplication::processEvents();
        const auto labels = panel.findChildren<QLabel*>();
        const auto says = [&](const QString& text) {
            return std::any_of(labels.begin(), labels.end(),
                               [&](const QLabel* one) { return one->text().startsWith(text); });
        };
        QVERIFY(says(QStringLiteral("3 of 50 responses · ")));
        QVERIFY(says(QStringLiteral("<b>Rosa</b> is a singer")));
        QTest::mouseClick(button(panel, QStringLiteral("Stop")), Qt::LeftButton);
        QCOMPARE(stopped.count(), 1);
    }
};

QTEST_MAIN(ProjectPagesTest)
#include "tst_project_pages.moc"
