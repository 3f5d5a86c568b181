// Rounds, Compare, Start and Project: values in, signals out.
#include "tests/ui/samples.h"
#include "ui/common/theme.h"
#include "ui/common/translation.h"
#include "ui/compare/answer_panel.h"
#include "ui/compare/compare_page.h"
#include "ui/compare/measures_table.h"
#include "ui/project/export_panel.h"
#include "ui/project/findings_table.h"
#include "ui/project/import_panel.h"
#include "ui/project/project_page.h"
#include "ui/project/side_panels.h"
#include "ui/round/plan_panel.h"
#include "ui/round/progress_panel.h"
#include "ui/round/round_card.h"
#include "ui/round/round_curves.h"
#include "ui/round/rounds_page.h"
#include "ui/start/new_project_form.h"
#include "ui/start/start_page.h"

#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QtTest>

using namespace stet;
using namespace stet::ui;

namespace {

QPushButton* button(const QWidget& page, const QString& text)
{
    for (QPushButton* found : page.findChildren<QPushButton*>()) {
        if (found->text().startsWith(text) && found->isVisible()) {
            return found;
        }
    }
    return nullptr;
}

void show(QWidget& page)
{
    page.resize(1180, 760);
    page.show();
    QVERIFY(QTest::qWaitForWindowExposed(&page));
    page.activateWindow();
    page.setFocus();
}

annotate::RoundRecord round(int number, int parent, annotate::RoundState state)
{
    annotate::RoundRecord record;
    record.number = number;
    record.parent = parent;
    record.state = state;
    record.steps = 60;
    record.stepsDone = 31;
    return record;
}

annotate::RoundPlan plan()
{
    annotate::RoundPlan plan;
    plan.criticised = 64;
    plan.accepted = 16;
    plan.acceptedTotal = 82;
    plan.steps = 60;
    plan.tokensDown = 412;
    plan.judgmentsLightingNothing = 3;
    plan.minutes = 2;
    plan.gigabytes = 0.4;
    plan.leftOut = {"3 judgments light up nothing."};
    return plan;
}

}  // namespace

class TestPages : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        applyTheme(*qApp, ThemeChoice::Light);
        installTranslator(*qApp, QStringLiteral("en"));
    }

    // --- Rounds
    void aRoundStartsFromTheCurrentOneByKeyOrButton()
    {
        RoundsPage page;
        show(page);
        QSignalSpy started(&page, &RoundsPage::startRequested);
        QTest::keyClick(&page, Qt::Key_R, Qt::ControlModifier);
        QCOMPARE(started.count(), 0);  // no plan yet
        page.setRounds({round(1, 0, annotate::RoundState::Finished)}, 1);
        page.setPlan(plan());
        page.setPreset(QStringLiteral("cut-code"));
        QTest::keyClick(&page, Qt::Key_R, Qt::ControlModifier);
        QCOMPARE(started.count(), 1);
        QCOMPARE(started.at(0).at(0).toInt(), 1);
        QCOMPARE(started.at(0).at(1).toString(), QStringLiteral("cut-code"));
        // Another card can be chosen as the parent: a branch.
        QTest::mouseClick(page.findChildren<RoundCard*>().first(), Qt::LeftButton);
        QTest::mouseClick(button(page, QStringLiteral("Start a round")), Qt::LeftButton);
        QCOMPARE(started.at(1).at(0).toInt(), 0);
        page.setPlan(std::nullopt, QStringLiteral("No response is criticised yet."));
        QTest::keyClick(&page, Qt::Key_R, Qt::ControlModifier);
        QCOMPARE(started.count(), 2);
    }

    void thePlanIsSaidInOneLine()
    {
        RoundsPage page;
        page.setPlan(plan());
        QCOMPARE(
            page.findChild<RoundPlanPanel*>()->planText(),
            QStringLiteral("64 criticised, 16 of 82 accepted · 412 tokens pushed down · 3 judgments light up nothing"));
    }

    void whileARoundRunsTheButtonWaits()
    {
        RoundsPage page;
        show(page);
        page.setPlan(plan());
        page.setProgress(RoundProgress{2, RoundPhase::Training, 31, 60, 64, false});
        QVERIFY(!page.findChild<RoundPlanPanel*>()->canStart());
        QCOMPARE(page.findChild<RoundProgressPanel*>()->lineText(),
                 QStringLiteral("Round 2: training · step 31 of 60"));
        page.setProgress(std::nullopt);
        QVERIFY(page.findChild<RoundPlanPanel*>()->canStart());
        QVERIFY(!page.findChild<RoundProgressPanel*>()->isVisible());
    }

    void pauseStopAndSave()
    {
        RoundsPage page;
        show(page);
        RoundProgress progress{2, RoundPhase::Training, 31, 60, 64, false};
        page.setProgress(progress);
        QSignalSpy paused(&page, &RoundsPage::pauseRequested);
        QSignalSpy resumed(&page, &RoundsPage::resumeRequested);
        QSignalSpy stopped(&page, &RoundsPage::stopRequested);
        QSignalSpy saved(&page, &RoundsPage::saveNowRequested);
        QTest::mouseClick(button(page, QStringLiteral("Pause")), Qt::LeftButton);
        QCOMPARE(paused.count(), 1);
        progress.paused = true;
        page.setProgress(progress);
        QTest::mouseClick(button(page, QStringLiteral("Go on")), Qt::LeftButton);
        QCOMPARE(resumed.count(), 1);
        QTest::mouseClick(button(page, QStringLiteral("Save now")), Qt::LeftButton);
        QCOMPARE(saved.at(0).at(0).toInt(), 2);
        // Stop asks in place what to do with what is there; nothing is stopped before the answer.
        QTest::mouseClick(button(page, QStringLiteral("Stop …")), Qt::LeftButton);
        QCOMPARE(stopped.count(), 0);
        QTest::mouseClick(button(page, QStringLiteral("Don't stop")), Qt::LeftButton);
        QCOMPARE(stopped.count(), 0);
        QTest::mouseClick(button(page, QStringLiteral("Stop …")), Qt::LeftButton);
        QTest::mouseClick(button(page, QStringLiteral("Stop and keep")), Qt::LeftButton);
        QCOMPARE(stopped.at(0).at(1).toBool(), true);
        QTest::mouseClick(button(page, QStringLiteral("Stop …")), Qt::LeftButton);
        QTest::mouseClick(button(page, QStringLiteral("Stop and discard")), Qt::LeftButton);
        QCOMPARE(stopped.at(1).at(1).toBool(), false);
    }

    void curvesGrowAndSurviveMissingNumbers()
    {
        RoundsPage page;
        show(page);
        page.setSteps(test::sampleSteps(60, 10));
        auto* curves = page.findChild<RoundCurves*>();
        QVERIFY(curves->isVisible());
        annotate::RoundStep step;
        step.step = 11;
        step.steps = 60;
        step.unlikelihood = std::numeric_limits<double>::quiet_NaN();
        page.addStep(step);
        QCOMPARE(curves->stepCount(), 11);
        QVERIFY(!curves->grab().isNull());
        page.setSteps({});
        QVERIFY(!curves->isVisible());
    }

    void aFailureOffersItsRemedies()
    {
        RoundsPage page;
        show(page);
        page.setFailure(RoundFailure{3,
                                     QStringLiteral("Memory"),
                                     QStringLiteral("Too little."),
                                     {QStringLiteral("line")},
                                     {{QStringLiteral("short"), QStringLiteral("Half the length")}}});
        QCoreApplication::processEvents();
        QSignalSpy chosen(&page, &RoundsPage::remedyChosen);
        QTest::mouseClick(button(page, QStringLiteral("Half the length")), Qt::LeftButton);
        QCOMPARE(chosen.at(0).at(0).toInt(), 3);
        QCOMPARE(chosen.at(0).at(1).toString(), QStringLiteral("short"));
    }

    void cardsAdoptCompareDiscard()
    {
        RoundsPage page;
        show(page);
        page.setRounds({round(1, 0, annotate::RoundState::Finished), round(2, 0, annotate::RoundState::Finished)}, 1);
        QSignalSpy adopted(&page, &RoundsPage::adoptRequested);
        QSignalSpy compared(&page, &RoundsPage::compareRequested);
        QSignalSpy discarded(&page, &RoundsPage::discardRequested);
        QTest::mouseClick(button(page, QStringLiteral("Adopt")), Qt::LeftButton);
        QTest::mouseClick(button(page, QStringLiteral("Discard")), Qt::LeftButton);
        QTest::mouseClick(button(page, QStringLiteral("Compare")), Qt::LeftButton);
        QCOMPARE(adopted.at(0).at(0).toInt(), 2);  // the current one has no Adopt
        QCOMPARE(discarded.at(0).at(0).toInt(), 2);
        QCOMPARE(compared.at(0).at(0).toInt(), 1);
        QTest::mouseClick(button(page, QStringLiteral("Use again")), Qt::LeftButton);
        QCOMPARE(adopted.at(1).at(0).toInt(), 0);
    }

    // --- Compare
    void comparingIsBlindAndKeysChoose()
    {
        ComparePage page;
        show(page);
        std::vector<annotate::ComparedItem> items;
        for (int i = 0; i < 40; ++i) {
            items.push_back({std::to_string(i), "Add 1 and 1", "before", "after"});
        }
        page.setRound(3, 7);
        page.setItems(items);
        const auto panels = page.findChildren<AnswerPanel*>();
        QCOMPARE(panels.size(), 2);
        QSignalSpy chosen(&page, &ComparePage::preferenceChosen);
        int afterFirst = 0;
        page.setFocus();
        for (int i = 0; i < 40; ++i) {
            QCOMPARE(panels[0]->identity(), QString());  // blind
            const bool firstIsAfter = panels[0]->text() == QStringLiteral("after");
            afterFirst += firstIsAfter ? 1 : 0;
            QTest::keyClick(&page, i % 3 == 0 ? Qt::Key_A : i % 3 == 1 ? Qt::Key_B : Qt::Key_E);
            const auto preference = chosen.last().at(2).value<Preference>();
            if (i % 3 == 2) {
                QCOMPARE(preference, Preference::Equal);
            } else {
                QCOMPARE(preference == Preference::After, firstIsAfter == (i % 3 == 0));
            }
            QCOMPARE(panels[0]->identity(), panels[0]->text());  // told now
            QTest::keyClick(&page, Qt::Key_Right);
        }
        QVERIFY2(afterFirst > 10 && afterFirst < 30, "both orders must occur");
        QCOMPARE(chosen.count(), 40);
        QCOMPARE(chosen.last().at(0).toInt(), 3);
    }

    void theOrderStaysTheSameWhenAnItemIsShownAgain()
    {
        const std::vector<annotate::ComparedItem> items = {{"a", "x", "before", "after"},
                                                           {"b", "x", "before", "after"}};
        QStringList orders;
        for (int i = 0; i < 2; ++i) {
            ComparePage page;
            page.setRound(1, 99);
            page.setItems(items);
            orders << page.findChildren<AnswerPanel*>()[0]->text();
        }
        QCOMPARE(orders[0], orders[1]);
    }

    void winRateWithItsInterval()
    {
        ComparePage page;
        std::vector<annotate::ComparedItem> items;
        std::map<QString, Preference> choices;
        for (int i = 0; i < 100; ++i) {
            items.push_back({std::to_string(i), "x", "b", "a"});
            choices[QString::number(i)] = i < 71 ? Preference::After : Preference::Before;
        }
        page.setRound(1, 1);
        page.setItems(items);
        page.setChoices(choices);
        bool found = false;
        for (const QLabel* label : page.findChildren<QLabel*>()) {
            found = found || label->text().contains(QStringLiteral("71\u00A0% better, 95 % interval 61–79"));
        }
        QVERIFY(found);
    }

    void measuresAdoptAndDiscard()
    {
        ComparePage page;
        show(page);
        page.setRound(4, 1);
        page.setItems({{"a", "x", "b", "c"}});
        page.setSummary({});
        page.setMeasures({{QStringLiteral("Rate"), QStringLiteral("61 %"), QStringLiteral("4 %"), true}});
        auto* table = page.findChild<MeasuresTable*>();
        QCOMPARE(table->rowCount(), 6);
        QCOMPARE(table->item(0, 3)->text(), QStringLiteral("better"));
        QSignalSpy adopted(&page, &ComparePage::adoptRequested);
        QSignalSpy discarded(&page, &ComparePage::discardRequested);
        QTest::mouseClick(button(page, QStringLiteral("Adopt round 4")), Qt::LeftButton);
        QTest::mouseClick(button(page, QStringLiteral("Discard")), Qt::LeftButton);
        QCOMPARE(adopted.at(0).at(0).toInt(), 4);
        QCOMPARE(discarded.at(0).at(0).toInt(), 4);
        page.setAdopted(true);
        QVERIFY(!button(page, QStringLiteral("Adopt"))->isEnabled());
    }

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
        page.setProblem(QStringLiteral("It is not a project."));
        QVERIFY(button(page, QStringLiteral("Open the example"))->isEnabled());
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

    // --- Project
    void importFindingsExportGuidelinesBackups()
    {
        ProjectPage page;
        show(page);
        QSignalSpy imported(&page, &ProjectPage::importRequested);
        QSignalSpy fixed(&page, &ProjectPage::fixRequested);
        QSignalSpy exported(&page, &ProjectPage::exportRequested);
        QSignalSpy edited(&page, &ProjectPage::guidelinesEdited);
        QSignalSpy restored(&page, &ProjectPage::restoreRequested);
        page.findChild<ImportPanel*>()->setFile(QStringLiteral("/d/x.json"));
        QTest::mouseClick(button(page, QStringLiteral("Import")), Qt::LeftButton);
        QCOMPARE(imported.at(0).at(0).toString(), QStringLiteral("/d/x.json"));
        QCOMPARE(imported.at(0).at(1).toString(), QStringLiteral("auto"));
        page.setFindings({{QStringLiteral("row 12"), QStringLiteral("<b>$ERROR$</b>"), QStringLiteral("Leave it out."),
                           QStringLiteral("fix-1")}});
        QCOMPARE(page.findChild<FindingsTable*>()->item(0, 1)->text(), QStringLiteral("<b>$ERROR$</b>"));
        QTest::mouseClick(button(page, QStringLiteral("Do this")), Qt::LeftButton);
        QCOMPARE(fixed.at(0).at(0).toString(), QStringLiteral("fix-1"));
        page.findChild<ExportPanel*>()->exportTo(QStringLiteral("/d/out.json"));
        QCOMPARE(exported.at(0).at(1).toString(), QStringLiteral("cut"));
        QCOMPARE(exported.at(0).at(2).value<annotate::QueueFilter>(), annotate::QueueFilter::All);
        auto* tabs = page.findChild<QTabWidget*>();
        tabs->setCurrentIndex(3);
        page.setGuidelines(QStringLiteral("Be brief."));
        QCOMPARE(edited.count(), 0);  // the program's doing
        auto* edit = page.findChild<GuidelinesEditor*>()->edit();
        QTest::keyClicks(edit, QStringLiteral("x"));
        QCOMPARE(edited.count(), 1);
        tabs->setCurrentIndex(4);
        page.setBackups({{QStringLiteral("/b/1.db"), QDateTime::currentDateTime(), 120000}});
        QTest::mouseClick(button(page, QStringLiteral("Restore")), Qt::LeftButton);
        QCOMPARE(restored.at(0).at(0).toString(), QStringLiteral("/b/1.db"));
    }
};

QTEST_MAIN(TestPages)
#include "tst_pages.moc"
