// A round from the page's button to its record, with a worker that ends well, badly, late or not at all.
#include "app/session/round_controller.h"
#include "base/files.h"
#include "base/json.h"
#include "contract/message.h"
#include "tests/app/session/session_bench.h"
#include "ui/round/failure_card.h"
#include "ui/round/plan_panel.h"
#include "ui/round/progress_panel.h"
#include "ui/round/round_card.h"
#include "ui/round/round_curves.h"
#include "ui/round/rounds_page.h"
#include "ui/round/settings_panel.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include <filesystem>

using namespace stet;
using annotate::Project;
using annotate::RoundRecord;
using annotate::RoundState;
using test::SessionBench;
namespace method = contract::method;

class RoundControllerTest : public QObject {
    Q_OBJECT

private:
    struct Shown {
        SessionBench bench;
        ui::RoundsPage page;
        app::RoundController controller{bench.session(), page, nullptr};
        QSignalSpy finished{&controller, &app::RoundController::finished};

        Shown() { controller.open(); }
        std::vector<RoundRecord> rounds()
        {
            return bench.ask<std::vector<RoundRecord>>([](Project& project) { return project.rounds(); });
        }
        bool starts()
        {
            Q_EMIT page.startRequested(0, QStringLiteral("stable"));
            return bench.isAsked(method::kRoundStart);
        }
        // What a worker leaves in the folder of a round it has trained.
        void writeReport()
        {
            publishFile(bench.folder().toStdString() + "/rounds/0001/report.json",
                        R"({"steps": 12, "steps_done": 12, "totals": {"criticised": 9, "accepted": 2}})");
        }
        // The button of the panel of the round under way; nullptr: out of sight.
        QPushButton* button(const QString& text)
        {
            for (auto* found : page.findChild<ui::RoundProgressPanel*>()->findChildren<QPushButton*>()) {
                if (found->isVisible() && found->text().startsWith(text)) {
                    return found;
                }
            }
            return nullptr;
        }
        bool offers(const QString& text)
        {
            return QTest::qWaitFor([&] { return button(text) != nullptr; }, SessionBench::kPatienceMs);
        }
        bool pauses()
        {
            page.show();
            if (!starts()) {
                return false;
            }
            bench.worker.notify(method::kRoundProgress, {{"phase", "training"}, {"step", 3}, {"steps", 12}});
            QTest::mouseClick(button(QStringLiteral("Pause")), Qt::LeftButton);
            bench.answer(method::kRoundStart, Json{{"outcome", "paused"}});
            return recorded(RoundState::Paused);
        }
        bool recorded(RoundState state)
        {
            return QTest::qWaitFor([&] { return !rounds().empty() && rounds().back().state == state; },
                                   SessionBench::kPatienceMs);
        }
    };

private Q_SLOTS:
    // What is chosen is in the next plan's round.json; emptied, it is the preset's again.
    void aSettingOfRoundsIsChosenInItsPanel()
    {
        Shown shown;
        shown.page.show();
        const auto rate = [&] {
            return shown.bench.ask<Json>(
                [](Project& project) { return project.ownRoundSettings().value("optimizer", Json()); });
        };
        auto* panel = shown.page.settings();
        const auto boxes = panel->findChildren<QLineEdit*>();
        QCOMPARE(boxes.front()->accessibleName(), QStringLiteral("Learning rate"));
        const auto write = [&](const QString& text) {
            boxes.front()->setText(text);
            Q_EMIT boxes.front()->editingFinished();
        };
        write(QStringLiteral("3e-4"));
        QTRY_VERIFY_WITH_TIMEOUT(rate() == (Json{{"lr", 3e-4}}), SessionBench::kPatienceMs);
        QVERIFY(shown.bench.isAsked(method::kPreview));
        QTRY_COMPARE_WITH_TIMEOUT(boxes.front()->text(), QStringLiteral("0.0003"), SessionBench::kPatienceMs);
        write({});
        QTRY_VERIFY_WITH_TIMEOUT(rate().is_null(), SessionBench::kPatienceMs);
    }

    // The same steps would lead there again: what is offered is to keep what was trained.
    void aLossThatIsNoNumberIsSaidAndWhatWasTrainedCanBeKept()
    {
        Shown shown;
        shown.page.show();
        QVERIFY(shown.starts());
        const std::string folder = shown.bench.folder().toStdString() + "/rounds/0001";
        publishFile(folder + "/log.jsonl", "{\"step\": 1, \"loss\": 0.5}\n{\"step\": 2, \"loss\": null}\n");
        std::filesystem::create_directories(folder + "/checkpoint-1");
        publishFile(folder + "/checkpoint-1/manifest.json", "{}");
        shown.bench.answer(method::kRoundStart, FailureReport{FailureKind::BadInput, "The loss is not a number."});
        QVERIFY(shown.recorded(RoundState::Failed));
        const auto keep = [&]() -> QPushButton* {
            for (auto* found : shown.page.findChild<ui::RoundFailureCard*>()->findChildren<QPushButton*>()) {
                if (found->isVisible()) {
                    return found;
                }
            }
            return nullptr;
        };
        QTRY_VERIFY_WITH_TIMEOUT(keep() != nullptr, SessionBench::kPatienceMs);
        QCOMPARE(keep()->text(), QStringLiteral("Keep what was trained until step 1"));
        const auto labels = shown.page.findChild<ui::RoundFailureCard*>()->findChildren<QLabel*>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
            return label->text() == QStringLiteral("Round 1 failed: Not a number");
        }));
        QTest::mouseClick(keep(), Qt::LeftButton);
        QVERIFY(shown.bench.isAsked(method::kRoundStart));
        QVERIFY(shown.bench.worker.last().params.at("keep").get<bool>());
        shown.writeReport();
        shown.bench.answer(method::kRoundStart, Json{{"outcome", "kept"}});
        QVERIFY(shown.recorded(RoundState::Finished));
    }

    void aPressMakesARoundAndItsEndIsRecorded()
    {
        Shown shown;
        QVERIFY(shown.starts());
        QVERIFY(shown.controller.isRunning());
        QCOMPARE(shown.rounds().back().state, RoundState::Running);
        QCOMPARE(shown.bench.worker.last().params.at("dir").get<std::string>(),
                 shown.bench.folder().toStdString() + "/rounds/0001");
        shown.bench.worker.notify(method::kRoundProgress, {{"phase", "training"}, {"step", 3}, {"steps", 12}});
        QVERIFY(shown.bench.frame.bar.has_value());
        QCOMPARE(shown.bench.frame.bar->done, 3);
        QCOMPARE(shown.bench.frame.bar->total, 12);
        shown.writeReport();
        shown.bench.answer(method::kRoundStart, Json{{"outcome", "finished"}});
        QVERIFY(shown.recorded(RoundState::Finished));
        QCOMPARE(shown.rounds().back().criticised, 9);
        QTRY_COMPARE_WITH_TIMEOUT(shown.finished.count(), 1, SessionBench::kPatienceMs);
        QVERIFY(!shown.controller.isRunning());
        QVERIFY(!shown.bench.frame.bar.has_value());
    }

    void scoringBeforeTheFirstStepHasNumbersAndTimeLeft()
    {
        Shown shown;
        QVERIFY(shown.starts());
        shown.bench.worker.notify(
            method::kRoundProgress,
            {{"dir", "x"}, {"phase", "scoring"}, {"done", 12}, {"total", 302}, {"seconds_left", 64.0}});
        QCOMPARE(shown.bench.frame.bar->done, 12);
        QCOMPARE(shown.bench.frame.bar->total, 302);
        QCOMPARE(shown.bench.frame.bar->secondsLeft, 64.0);
        QCOMPARE(shown.page.findChild<ui::RoundProgressPanel*>()->lineText(),
                 QStringLiteral("Round 1: scoring the judgments · 12 of 302"));
        shown.bench.worker.notify(method::kRoundProgress, {{"dir", "x"}, {"phase", "training"}});
        QCOMPARE(shown.bench.frame.bar->total, 0);
        QCOMPARE(shown.bench.frame.bar->secondsLeft, -1.0);
    }

    // Also after a restart, and of the round whose card is pressed.
    void curvesAreOfTheRoundThatIsLookedAt()
    {
        SessionBench bench;
        bench.ask<bool>([](Project& project) {
            for (int i = 1; i <= 2; ++i) {
                const int number = workflow::prepareRound(project, 0, "stable").number;
                std::string log;
                for (int step = 1; step <= 3 * i; ++step) {
                    log += R"({"step": )" + std::to_string(step) +
                        R"(, "loss": 1, "likelihood": 1, "unlikelihood": 0.5, "flagged_share": 0.1, "grad_norm": 1, )"
                        R"("lr": 0.001, "tokens": 9, "seconds": 0.1, "examples": [1]})"
                        "\n";
                }
                publishFile(project.roundFolder(number) + "/log.jsonl", log);
                publishFile(project.roundFolder(number) + "/report.json", R"({"steps": 6})");
                workflow::endRound(project, number, {workflow::RoundEnd::Outcome::Trained});
            }
            return true;
        });
        ui::RoundsPage page;
        page.show();
        app::RoundController controller(bench.session(), page, nullptr);
        controller.open();
        const auto* curves = page.findChild<ui::RoundCurves*>();
        QTRY_COMPARE_WITH_TIMEOUT(curves->stepCount(), 6, SessionBench::kPatienceMs);
        QVERIFY(curves->isVisible());
        QTest::mouseClick(page.findChildren<ui::RoundCard*>().at(1), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(curves->stepCount(), 3, SessionBench::kPatienceMs);
    }

    void twoQuickPressesMakeOneRound()
    {
        Shown shown;
        Q_EMIT shown.page.startRequested(0, QStringLiteral("stable"));
        Q_EMIT shown.page.startRequested(0, QStringLiteral("stable"));
        QVERIFY(shown.bench.isAsked(method::kRoundStart));
        QCOMPARE(shown.rounds().size(), std::size_t{1});
        QCOMPARE(shown.bench.worker.count(method::kRoundStart), 1);
    }

    void aLostWorkerPausesTheRoundAndItGoesOn()
    {
        Shown shown;
        QVERIFY(shown.starts());
        shown.bench.answer(method::kRoundStart, FailureReport{FailureKind::Interrupted, "The worker was killed"});
        QVERIFY(shown.recorded(RoundState::Paused));
        QCOMPARE(shown.finished.count(), 0);
        Q_EMIT shown.page.resumeRequested(1);
        QVERIFY(shown.bench.isAsked(method::kRoundStart));
        QCOMPARE(shown.rounds().size(), std::size_t{1});
        QCOMPARE(shown.rounds().back().state, RoundState::Running);
    }

    void aPausedRoundStaysOnThePageAndGoesOn()
    {
        Shown shown;
        QVERIFY(shown.pauses());
        QVERIFY(shown.offers(QStringLiteral("Go on")));
        QCOMPARE(shown.page.findChild<ui::RoundProgressPanel*>()->lineText(),
                 QStringLiteral("Round 1: paused · step 3 of 12"));
        QVERIFY(shown.bench.frame.bar && shown.bench.frame.bar->paused);
        QTest::mouseClick(shown.button(QStringLiteral("Go on")), Qt::LeftButton);
        QVERIFY(shown.bench.isAsked(method::kRoundStart));
        QCOMPARE(shown.rounds().size(), std::size_t{1});
        QCOMPARE(shown.rounds().back().state, RoundState::Running);
        QVERIFY(shown.offers(QStringLiteral("Pause")));
    }

    void theKeyThatStartsARoundGoesOnWithThePausedOne()
    {
        Shown shown;
        QVERIFY(shown.pauses());
        QVERIFY(shown.offers(QStringLiteral("Go on")));
        shown.page.setPlan(annotate::RoundPlan{});
        shown.page.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&shown.page));
        shown.page.setFocus();
        QTest::keyClick(&shown.page, Qt::Key_R, Qt::ControlModifier);
        QVERIFY(shown.bench.isAsked(method::kRoundStart));
        QCOMPARE(shown.rounds().size(), std::size_t{1});
    }

    void aPausedRoundIsOnThePageAlsoAfterARestart()
    {
        SessionBench bench;
        bench.ask<int>([](Project& project) {
            const int number = workflow::prepareRound(project, 0, "stable").number;
            workflow::beginRound(project, number);
            workflow::endRound(project, number, {workflow::RoundEnd::Outcome::Paused, {}, 12, 3});
            return number;
        });
        ui::RoundsPage page;
        page.show();
        app::RoundController controller(bench.session(), page, nullptr);
        controller.open();
        auto* panel = page.findChild<ui::RoundProgressPanel*>();
        QTRY_COMPARE_WITH_TIMEOUT(panel->lineText(), QStringLiteral("Round 1: paused · step 3 of 12"),
                                  SessionBench::kPatienceMs);
        QVERIFY(panel->isVisible());
    }

    void aPausedRoundCanBeDiscarded()
    {
        Shown shown;
        QVERIFY(shown.pauses());
        QVERIFY(shown.offers(QStringLiteral("Discard")));
        QTest::mouseClick(shown.button(QStringLiteral("Discard")), Qt::LeftButton);
        QVERIFY(shown.recorded(RoundState::Discarded));
        QTRY_VERIFY_WITH_TIMEOUT(!shown.page.findChild<ui::RoundProgressPanel*>()->isVisible(),
                                 SessionBench::kPatienceMs);
        QVERIFY(!shown.bench.frame.bar);
    }

    // The plan is of the round that the button would start.
    void thePlanIsOfTheChosenStart()
    {
        SessionBench bench;
        const auto adapter = bench.ask<std::string>([](Project& project) {
            const int number = workflow::prepareRound(project, 0, "stable").number;
            publishFile(project.roundFolder(number) + "/report.json", "{}");
            workflow::endRound(project, number, {workflow::RoundEnd::Outcome::Trained});
            workflow::adoptRound(project, number);
            return project.adapterFolder(number);
        });
        bench.state.adopt(1, adapter);
        ui::RoundsPage page;
        page.show();
        app::RoundController controller(bench.session(), page, nullptr);
        controller.open();
        const auto parent = [&] {
            const auto folder = bench.worker.waiting(method::kPreview)->params.at("dir").get<std::string>();
            return readJsonFile(folder + "/round.json").value("parent", Json());
        };
        QVERIFY(bench.isAsked(method::kPreview));
        QTRY_COMPARE_WITH_TIMEOUT(page.findChildren<ui::RoundCard*>().size(), 2, SessionBench::kPatienceMs);
        QVERIFY(QTest::qWaitFor([&] { return bench.isAsked(method::kPreview) && !parent().is_null(); },
                                SessionBench::kPatienceMs));
        const int before = bench.worker.count(method::kPreview);
        QTest::mouseClick(page.findChildren<ui::RoundCard*>().first(), Qt::LeftButton);
        QVERIFY(
            QTest::qWaitFor([&] { return bench.worker.count(method::kPreview) > before; }, SessionBench::kPatienceMs));
        QVERIFY(parent().is_null());
    }

    void aFailedRoundKeepsItsSentence()
    {
        Shown shown;
        QVERIFY(shown.starts());
        shown.bench.answer(method::kRoundStart, FailureReport{FailureKind::OutOfMemory, "Too little memory"});
        QVERIFY(shown.recorded(RoundState::Failed));
        QCOMPARE(shown.rounds().back().failure, std::string("Too little memory"));
    }

    void aRoundThatCannotBeMadeIsSaidAndLeavesTheButtonAlive()
    {
        Shown shown;
        Q_EMIT shown.page.startRequested(0, QStringLiteral("no such preset"));
        QTRY_VERIFY_WITH_TIMEOUT(!shown.bench.frame.failure().isEmpty(), SessionBench::kPatienceMs);
        QVERIFY(shown.bench.frame.failure().contains(QStringLiteral("unknown")));
        QVERIFY(!shown.controller.isRunning());
        QVERIFY(shown.starts());
    }

    void closingWaitsForTheCheckpointAlsoOfARoundThatIsJustBeingMade()
    {
        Shown shown;
        Q_EMIT shown.page.startRequested(0, QStringLiteral("stable"));
        QVERIFY(shown.controller.isRunning());
        bool closed = false;
        shown.controller.pauseForClosing([&] { closed = true; });
        QVERIFY(shown.bench.isAsked(method::kRoundStop));
        QCOMPARE(shown.bench.worker.waiting(method::kRoundStop)->params.at("how").get<std::string>(),
                 std::string("pause"));
        QVERIFY(!closed);
        shown.bench.answer(method::kRoundStart, Json{{"outcome", "paused"}});
        QTRY_VERIFY_WITH_TIMEOUT(closed, SessionBench::kPatienceMs);
        QVERIFY(shown.recorded(RoundState::Paused));
    }

    void anInterruptedRoundIsOfferedAgain()
    {
        SessionBench bench;
        bench.ask<int>([](Project& project) {
            return workflow::beginRound(project, workflow::prepareRound(project, 0, "stable").number).number;
        });
        ui::RoundsPage page;
        app::RoundController controller(bench.session(), page, nullptr);
        controller.open();
        QTRY_COMPARE_WITH_TIMEOUT(bench.frame.notices.count(QStringLiteral("resume-round")), std::size_t{1},
                                  SessionBench::kPatienceMs);
        controller.resumePaused();
        QCOMPARE(bench.frame.page, ui::Page::Rounds);
        QVERIFY(bench.isAsked(method::kRoundStart));
    }

    void adoptingTellsEverybodyAndDiscardingGoesBackToTheBase()
    {
        Shown shown;
        QVERIFY(shown.starts());
        shown.writeReport();
        shown.bench.answer(method::kRoundStart, Json{{"outcome", "finished"}});
        QVERIFY(shown.recorded(RoundState::Finished));
        QSignalSpy adopted(&shown.bench.state, &app::SessionState::adopted);
        shown.controller.adopt(1);
        QTRY_COMPARE_WITH_TIMEOUT(adopted.count(), 1, SessionBench::kPatienceMs);
        QCOMPARE(shown.bench.state.currentRound(), 1);
        QVERIFY(!shown.bench.state.adapter().empty());
        shown.controller.discard(1);
        QTRY_COMPARE_WITH_TIMEOUT(adopted.count(), 2, SessionBench::kPatienceMs);
        QCOMPARE(shown.bench.state.currentRound(), 0);
        QVERIFY(shown.bench.state.adapter().empty());
        QVERIFY(shown.recorded(RoundState::Discarded));
    }
};

QTEST_MAIN(RoundControllerTest)
#include "tst_round_controller.moc"
