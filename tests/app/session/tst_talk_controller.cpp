// Base model and round answer the same question, each with its adapter; nothing is stored but what is kept, and nothing
// is heard of what was stopped.
#include "app/session/talk_controller.h"
#include "tests/app/session/session_bench.h"

#include <QLabel>
#include <QPlainTextEdit>

using namespace stet;
using annotate::Project;
using test::ScriptedWorker;
using test::SessionBench;
namespace method = contract::method;

class TalkControllerTest : public QObject {
    Q_OBJECT

    struct Shown {
        SessionBench bench;
        ui::TalkPanel panel;
        app::TalkController controller{bench.session(), panel, nullptr};
        QSignalSpy kept{&controller, &app::TalkController::kept};
        int before = 0;

        Shown()
        {
            before = bench.ask<int>([](Project& project) {
                project.addRound(0, "stable");
                auto record = project.round(1);
                record.state = annotate::RoundState::Finished;
                project.updateRound(record);
                return project.counts().total;
            });
            panel.show();
            panel.open(1);
        }

        // Both are asked: the base model first.
        bool ask()
        {
            panel.ask(QStringLiteral("Who are you?"));
            return QTest::qWaitFor([&] { return bench.worker.count(method::kGenerate) >= 2; },
                                   SessionBench::kPatienceMs);
        }
        ScriptedWorker::Asked& asked(int side)
        {
            return bench.worker.asked(bench.worker.count() - 2 + static_cast<std::size_t>(side));
        }
        QString text(int side) const { return panel.findChildren<QPlainTextEdit*>().at(side + 1)->toPlainText(); }
        void write(int side, const char* piece)
        {
            bench.worker.notify(method::kGenerateText, {{"request", asked(side).id}, {"id", "talk"}, {"text", piece}});
        }
        void end(int side, const char* output)
        {
            bench.worker.notify(method::kGenerateItem,
                                {{"request", asked(side).id},
                                 {"id", "talk"},
                                 {"output", output},
                                 {"tokens", 3},
                                 {"stopped", "length"}});
            ScriptedWorker::answer(asked(side), Json{{"count", 1}});
        }
        int total()
        {
            return bench.ask<int>([](Project& project) { return project.counts().total; });
        }
    };

private Q_SLOTS:
    void bothAnswerAndOneIsKept()
    {
        Shown shown;
        QVERIFY(shown.ask());
        QCOMPARE(shown.asked(0).params.value("adapter", std::string()), std::string());
        const auto adapter = QString::fromStdString(shown.asked(1).params.value("adapter", std::string()));
        QCOMPARE(adapter, shown.bench.folder() + QStringLiteral("/rounds/0001/adapter"));
        QCOMPARE(shown.asked(0).params["items"][0]["instruction"], Json("Who are you?"));
        shown.write(1, "A ");
        shown.write(0, "Sure!");
        shown.write(1, "model");
        QCOMPARE(shown.text(0), QStringLiteral("Sure!"));
        QCOMPARE(shown.text(1), QStringLiteral("A model"));
        shown.end(0, "Sure! I am.");
        shown.end(1, "A model.");
        QCOMPARE(shown.text(1), QStringLiteral("A model."));
        QCOMPARE(shown.total(), shown.before);
        Q_EMIT shown.panel.keepRequested(ui::TalkPanel::Base);
        QVERIFY(shown.kept.count() == 1 || shown.kept.wait(SessionBench::kPatienceMs));
        QCOMPARE(shown.total(), shown.before + 1);
        const auto id = shown.kept.at(0).at(0).value<annotate::ResponseId>();
        const auto item = shown.bench.ask<annotate::ResponseItem>([id](Project& project) { return *project.item(id); });
        QCOMPARE(item.output, std::string("Sure! I am."));
        QCOMPARE(item.instruction, std::string("Who are you?"));
        QVERIFY(item.author.kind == annotate::AuthorKind::Model && item.author.round == 0);
    }

    void nothingIsHeardOfWhatWasStopped()
    {
        Shown shown;
        QVERIFY(shown.ask());
        shown.write(0, "Sure");
        Q_EMIT shown.panel.stopRequested();
        QVERIFY(shown.asked(0).cancelled && shown.asked(1).cancelled);
        shown.write(0, "!");
        QCOMPARE(shown.text(0), QStringLiteral("Sure"));
        shown.end(0, "Sure! I am.");
        QCOMPARE(shown.text(0), QStringLiteral("Sure"));
    }

    void aFailureIsSaidAndStopsTheOther()
    {
        Shown shown;
        QVERIFY(shown.ask());
        ScriptedWorker::answer(shown.asked(0), FailureReport{FailureKind::OutOfMemory, "Too little memory."});
        QVERIFY(shown.asked(1).cancelled);
        const auto labels = shown.panel.findChildren<QLabel*>();
        QVERIFY(std::any_of(labels.begin(), labels.end(),
                            [](const QLabel* label) { return label->text() == QLatin1String("Too little memory."); }));
    }
};

QTEST_MAIN(TalkControllerTest)
#include "tst_talk_controller.moc"
