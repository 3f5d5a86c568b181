// Let the model answer: asked a few at a time, stored as they come, stopped, lost with the worker, taken up again.
#include "app/session/generation_controller.h"
#include "base/files.h"
#include "contract/message.h"
#include "tests/app/session/session_bench.h"
#include "workflow/round_run.h"

#include <QLabel>
#include <QSignalSpy>

#include <algorithm>

using namespace stet;
using annotate::Instruction;
using annotate::Project;
using annotate::QueueFilter;
using test::ScriptedWorker;
using test::SessionBench;
namespace method = contract::method;

class GenerationControllerTest : public QObject {
    Q_OBJECT

private:
    struct Shown {
        SessionBench bench;
        ui::GeneratePanel panel;
        app::GenerationController controller{bench.session(), panel, nullptr};
        QSignalSpy written{&controller, &app::GenerationController::written};
        QSignalSpy begun{&controller, &app::GenerationController::nextRoundBegun};
        QSignalSpy ended{&controller, &app::GenerationController::ended};
        QSignalSpy counted{&controller, &app::GenerationController::freshCounted};
        int open = 0;

        explicit Shown(int instructions)
        {
            open = bench.ask<int>([instructions](Project& project) {
                std::vector<Instruction> list;
                for (int i = 0; i < instructions; ++i) {
                    list.push_back({"\"i" + std::to_string(i) + "\"", "Say " + std::to_string(i) + ".", "", "", ""});
                }
                project.addInstructions(annotate::kWaitingSet, list);
                return project.counts().open;
            });
            controller.open();
            bench.ask<bool>([](Project&) { return true; });
        }
        ui::GenerateChoice choice(int instructions) const
        {
            ui::GenerateChoice choice = panel.choice();
            choice.instructions = instructions;
            return choice;
        }
        // The worker writes the first `count` of what it was asked last.
        void write(int count)
        {
            auto* asked = bench.worker.waiting(method::kGenerate);
            QVERIFY(asked != nullptr);
            for (int i = 0; i < count; ++i) {
                bench.worker.notify(method::kGenerateItem,
                                    {{"id", asked->params.at("items").at(static_cast<std::size_t>(i)).at("id")},
                                     {"output", "answer"},
                                     {"tokens", 1},
                                     {"stopped", "eos"},
                                     {"request", asked->id}});
            }
        }
        int stored()
        {
            return bench.ask<int>([](Project& project) { return project.counts().open; }) - open;
        }
        QString notice() const
        {
            const auto found = bench.frame.notices.find(QStringLiteral("generating"));
            return found == bench.frame.notices.end() ? QString() : found->second.text;
        }
        std::size_t items() { return bench.worker.waiting(method::kGenerate)->params.at("items").size(); }
    };

private Q_SLOTS:
    void responsesAreToDoAsTheyAreWritten()
    {
        Shown shown(20);
        Q_EMIT shown.panel.generateRequested(shown.choice(18));
        QVERIFY(shown.bench.isAsked(method::kGenerate));
        QCOMPARE(shown.items(), std::size_t(16));
        QCOMPARE(shown.bench.worker.waiting(method::kGenerate)->params.value("adapter", ""), std::string());
        shown.write(3);
        QTRY_COMPARE_WITH_TIMEOUT(shown.written.count(), 3, SessionBench::kPatienceMs);
        QCOMPARE(shown.stored(), 3);
        QVERIFY2(shown.notice().startsWith(QStringLiteral("The base model writes responses: 3 of 18")),
                 qPrintable(shown.notice()));
        shown.bench.answer(method::kGenerate, Json{{"count", 16}});
        QVERIFY(shown.bench.isAsked(method::kGenerate));
        QCOMPARE(shown.items(), std::size_t(2));
        shown.write(2);
        shown.bench.answer(method::kGenerate, Json{{"count", 2}});
        QTRY_COMPARE_WITH_TIMEOUT(shown.ended.count(), 1, SessionBench::kPatienceMs);
        QVERIFY(!shown.controller.isRunning());
        QCOMPARE(shown.notice(), QStringLiteral("5 of 18 responses are written."));
        QTRY_COMPARE_WITH_TIMEOUT(shown.counted.last().at(0).toInt(), 15, SessionBench::kPatienceMs);
    }

    void whatGrowsIsShown()
    {
        Shown shown(2);
        Q_EMIT shown.panel.generateRequested(shown.choice(2));
        QVERIFY(shown.bench.isAsked(method::kGenerate));
        shown.panel.resize(900, 200);
        shown.panel.show();
        const auto id = shown.bench.worker.waiting(method::kGenerate)->id;
        const auto grow = [&](const char* item, const char* text) {
            shown.bench.worker.notify(method::kGenerateText, {{"id", item}, {"text", text}, {"request", id}});
        };
        grow("i0", "One ");
        grow("i1", "other");
        grow("i0", "word.");
        const auto labels = shown.panel.findChildren<QLabel*>();
        QVERIFY(std::any_of(labels.begin(), labels.end(),
                            [](const QLabel* label) { return label->text() == QLatin1String("One word."); }));
    }

    void oneThatIsStoppedIsOverAndNothingOfItCountsForTheNext()
    {
        Shown shown(20);
        Q_EMIT shown.panel.generateRequested(shown.choice(4));
        QVERIFY(shown.bench.isAsked(method::kGenerate));
        const auto index = shown.bench.worker.count() - 1;
        shown.write(1);
        Q_EMIT shown.panel.stopRequested();
        QVERIFY(shown.bench.worker.asked(index).cancelled);
        QVERIFY(!shown.controller.isRunning());
        QVERIFY(!shown.bench.ask<bool>(
            [](Project& project) { return workflow::interruptedGeneration(project).has_value(); }));
        Q_EMIT shown.panel.generateRequested(shown.choice(4));
        QVERIFY(shown.bench.isAsked(method::kGenerate));
        shown.bench.worker.notify(method::kGenerateItem,
                                  {{"id", "i2"},
                                   {"output", "late"},
                                   {"tokens", 1},
                                   {"stopped", "eos"},
                                   {"request", shown.bench.worker.asked(index).id}});
        ScriptedWorker::answer(shown.bench.worker.asked(index), app::WorkerCancelled{});
        QVERIFY(shown.controller.isRunning());
        QCOMPARE(shown.stored(), 1);
        QCOMPARE(shown.items(), std::size_t(4));  // others than the one that is there
    }

    void aLostWorkerIsSaidAndItGoesOnWhereItWas()
    {
        Shown shown(6);
        Q_EMIT shown.panel.generateRequested(shown.choice(5));
        QVERIFY(shown.bench.isAsked(method::kGenerate));
        shown.write(2);
        shown.bench.answer(method::kGenerate, FailureReport{FailureKind::Interrupted, "The worker was killed."});
        QVERIFY(!shown.controller.isRunning());
        QCOMPARE(shown.notice(), QStringLiteral("The worker was killed. 2 of 5 responses are written."));
        shown.controller.takeNoticeAction(QStringLiteral("generating"), QStringLiteral("resume"));
        QVERIFY(shown.bench.isAsked(method::kGenerate));
        QCOMPARE(shown.items(), std::size_t(3));
    }

    void oneThatWasKilledWithTheWindowIsOfferedWhenTheProjectIsOpened()
    {
        Shown shown(6);
        shown.bench.ask<bool>([](Project& project) {
            workflow::beginGeneration(project, workflow::withMore(project, {}, 4));
            return true;
        });
        shown.controller.open();
        QTRY_COMPARE_WITH_TIMEOUT(shown.notice(),
                                  QStringLiteral("Writing responses was interrupted: 4 of 4 are missing."),
                                  SessionBench::kPatienceMs);
        shown.controller.takeNoticeAction(QStringLiteral("generating"), QStringLiteral("resume"));
        QVERIFY(shown.bench.isAsked(method::kGenerate));
        QCOMPARE(shown.items(), std::size_t(4));
    }

    void theNextRoundIsAnsweredByTheAdoptedOne()
    {
        Shown shown(3);
        shown.bench.ask<bool>([](Project& project) {
            const int number = workflow::prepareRound(project, 0, "stable").number;
            publishFile(project.roundFolder(number) + "/report.json", "{}");
            workflow::endRound(project, number, {workflow::RoundEnd::Outcome::Trained});
            workflow::adoptRound(project, number);
            return true;
        });
        shown.bench.state.adopt(1, "rounds/0001/adapter");
        shown.bench.ask<bool>([](Project&) { return true; });
        shown.controller.nextRound();
        QVERIFY(shown.bench.isAsked(method::kGenerate));
        QCOMPARE(shown.begun.count(), 1);
        const auto& params = shown.bench.worker.waiting(method::kGenerate)->params;
        QVERIFY(params.at("adapter").get<std::string>().ends_with("/rounds/0001/adapter"));
        QCOMPARE(params.at("items").size(), std::size_t(3));
    }

    void withoutFreshInstructionsSomeAreAskedFor()
    {
        Shown shown(0);
        QSignalSpy needed(&shown.controller, &app::GenerationController::instructionsNeeded);
        shown.controller.nextRound();
        QCOMPARE(needed.count(), 1);
        QCOMPARE(shown.bench.worker.count(method::kGenerate), 0);
    }

    void aProjectThatIsLeftLeavesTheWorkerInPeace()
    {
        SessionBench bench;
        bench.ask<bool>([](Project& project) {
            project.addInstructions(annotate::kWaitingSet, {{"1", "Say a.", "", "", ""}});
            return true;
        });
        ui::GeneratePanel panel;
        auto controller = std::make_unique<app::GenerationController>(bench.session(), panel, nullptr);
        Q_EMIT panel.generateRequested(panel.choice());
        QVERIFY(bench.isAsked(method::kGenerate));
        controller.reset();
        QVERIFY(bench.worker.last().cancelled);
    }
};

QTEST_MAIN(GenerationControllerTest)
#include "tst_generation_controller.moc"
