// Rounds: values in, signals out.
#include "tests/ui/samples.h"
#include "tests/ui/shown_page.h"
#include "ui/round/alert_text.h"
#include "ui/round/alerts_panel.h"
#include "ui/round/plan_panel.h"
#include "ui/round/progress_panel.h"
#include "ui/round/round_card.h"
#include "ui/round/round_curves.h"
#include "ui/round/rounds_page.h"

#include <QLabel>
#include <QRegularExpression>
#include <QSignalSpy>

#include <algorithm>
#include <limits>

using namespace stet;
using namespace stet::ui;
using namespace stet::test;

namespace {

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

}  // namespace

class RoundsPageTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { dressAsUsual(); }

    // --- Rounds
    void aRoundStartsFromTheCurrentOneByKeyOrButton()
    {
        RoundsPage page;
        show(page);
        QSignalSpy started(&page, &RoundsPage::startRequested);
        QTest::keyClick(&page, Qt::Key_R, Qt::ControlModifier);
        QCOMPARE(started.count(), 0);  // no plan yet
        page.setRounds({round(1, 0, annotate::RoundState::Finished)}, 1);
        page.setPlan(sampleRoundPlan());
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

    void whatTheWatchFoundStandsOnTheCardAndOneClickGoesBack()
    {
        RoundsPage page;
        show(page);
        auto first = round(1, 0, annotate::RoundState::Finished);
        auto second = round(2, 1, annotate::RoundState::Finished);
        annotate::RoundAlert alert;
        alert.kind = annotate::AlertKind::CriticisedLikelier;
        alert.before = 0.07;
        alert.after = 0.13;
        second.alerts = {alert};
        page.setRounds({first, second}, 2);
        auto* card = page.findChildren<RoundCard*>().at(2);
        const auto lines = card->findChildren<QLabel*>();
        QVERIFY(std::any_of(lines.begin(), lines.end(), [](const QLabel* line) {
            return line->text() == QStringLiteral("⚠ Criticised words likelier: 0.07 → 0.13") &&
                line->property("tone").toString() == QStringLiteral("problem");
        }));
        auto* panel = page.findChild<RoundAlertsPanel*>();
        QVERIFY(panel->isVisible());
        const auto sentences = panel->findChildren<QLabel*>();
        QVERIFY(std::any_of(sentences.begin(), sentences.end(), [](const QLabel* line) {
            return line->text().contains(QStringLiteral("likelier instead of rarer: a probability of 0.07 before"));
        }));
        QSignalSpy adopted(&page, &RoundsPage::adoptRequested);
        QTest::mouseClick(button(*card, QStringLiteral("Back to: Round 1")), Qt::LeftButton);
        QCOMPARE(adopted.takeFirst().at(0).toInt(), 1);
        QTest::keyClick(button(*panel, QStringLiteral("Back to: Round 1")), Qt::Key_Space);
        QCOMPARE(adopted.takeFirst().at(0).toInt(), 1);
        // Once gone back there is nothing to go back from; another card that is looked at has nothing to say.
        page.setRounds({first, second}, 1);
        QCOMPARE(button(*panel, QStringLiteral("Back to")), nullptr);
        QVERIFY(panel->isVisible());
        QTest::mouseClick(page.findChildren<RoundCard*>().at(1), Qt::LeftButton);
        QVERIFY(!panel->isVisible());
        QTest::mouseClick(page.findChildren<RoundCard*>().at(2), Qt::LeftButton);
        QVERIFY(panel->isVisible());
        page.clear(0);
        QVERIFY(!panel->isVisible());
    }

    void everyAlertHasItsWords()
    {
        for (int kind = 0; kind <= static_cast<int>(annotate::AlertKind::OneOpening); ++kind) {
            annotate::RoundAlert alert;
            alert.kind = static_cast<annotate::AlertKind>(kind);
            alert.before = 0.25;
            alert.after = 0.75;
            alert.step = 12;
            alert.keptStep = 8;
            alert.opening = "I'm sorry";
            QVERIFY(!alertTitle(alert).isEmpty());
            const QString text = alertText(alert);
            QVERIFY2(text.size() > 60, qPrintable(text));
            QVERIFY2(!text.contains(QRegularExpression(QStringLiteral("%[1-3]"))), qPrintable(text));
        }
    }

    void thePlanIsSaidInOneLine()
    {
        RoundsPage page;
        page.setPlan(sampleRoundPlan());
        QCOMPARE(
            page.findChild<RoundPlanPanel*>()->planText(),
            QStringLiteral("64 criticised, 16 of 82 accepted · 412 tokens pushed down · 3 judgments light up nothing"));
        QVERIFY(page.findChild<RoundPlanPanel*>()->detailsText().contains(
            QStringLiteral("82\u00A0% of it is these judgments' own; the rest lights up under somebody else's, too")));
    }

    void whileARoundRunsTheButtonWaits()
    {
        RoundsPage page;
        show(page);
        page.setPlan(sampleRoundPlan());
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
        RoundProgress progress{2, RoundPhase::Training, 31, 60, 64, false, true};
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
        progress.paused = false;
        page.setProgress(progress);
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

    void stoppingAsksWhatToKeepOnlyWhereSomethingWasTrained()
    {
        RoundsPage page;
        show(page);
        page.setProgress(RoundProgress{2, RoundPhase::Scoring, 12, 302, 64, false});
        QCOMPARE(page.findChild<RoundProgressPanel*>()->lineText(),
                 QStringLiteral("Round 2: scoring the judgments · 12 of 302"));
        QSignalSpy stopped(&page, &RoundsPage::stopRequested);
        QTest::mouseClick(button(page, QStringLiteral("Stop")), Qt::LeftButton);
        QCOMPARE(stopped.count(), 1);
        QCOMPARE(stopped.at(0).at(1).toBool(), false);
    }

    void curvesGrowAndSurviveMissingNumbers()
    {
        RoundsPage page;
        show(page);
        page.setSteps(2, sampleSteps(60, 10));
        auto* curves = page.findChild<RoundCurves*>();
        QVERIFY(curves->isVisible());
        annotate::RoundStep step;
        step.step = 11;
        step.steps = 60;
        step.unlikelihood = std::numeric_limits<double>::quiet_NaN();
        page.addStep(step);
        QCOMPARE(curves->stepCount(), 11);
        QVERIFY(!curves->grab().isNull());
        page.setSteps(0, {});
        QVERIFY(!curves->isVisible());
    }

    // From its checkpoint a round does steps anew that were drawn already.
    void curvesOfAResumedRoundNeverGoBackwards()
    {
        RoundsPage page;
        show(page);
        page.setSteps(2, sampleSteps(60, 30));
        auto steps = sampleSteps(60, 26);
        page.addStep(steps.back());
        const auto* curves = page.findChild<RoundCurves*>();
        QCOMPARE(curves->stepCount(), 26);
        page.setSteps(2, steps);
        QCOMPARE(curves->stepCount(), 26);
    }

    void aCardThatIsPressedIsLookedAtWhateverItsState()
    {
        RoundsPage page;
        show(page);
        page.setRounds({round(1, 0, annotate::RoundState::Finished), round(2, 1, annotate::RoundState::Failed)}, 1);
        QSignalSpy looked(&page, &RoundsPage::lookedAt);
        QTest::mouseClick(page.findChildren<RoundCard*>().at(2), Qt::LeftButton);
        QCOMPARE(looked.count(), 1);
        QCOMPARE(looked.at(0).at(0).toInt(), 2);
        page.setSteps(2, sampleSteps(60, 30));
        const auto labels = page.findChildren<QLabel*>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
            return label->isVisible() && label->text() == QStringLiteral("Curves of round 2");
        }));
    }

    void cardsSayTheSettingsInWords()
    {
        RoundsPage page;
        auto one = round(1, 0, annotate::RoundState::Finished);
        one.preset = "stable";
        page.setRounds({one}, 1);
        const auto labels = page.findChildren<QLabel*>();
        QVERIFY(std::any_of(labels.begin(), labels.end(),
                            [](const QLabel* label) { return label->text().contains(QStringLiteral("Steady")); }));
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
};

QTEST_MAIN(RoundsPageTest)
#include "tst_rounds_page.moc"
