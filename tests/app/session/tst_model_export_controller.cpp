// A model leaves the project in the window: the panel's wish becomes the trainer's arguments, its progress a bar, its
// end a sentence; with a script in the trainer's place.
#include "app/session/model_export_controller.h"
#include "base/files.h"
#include "tests/app/session/session_bench.h"

#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>

using namespace stet;
using annotate::Project;
using test::SessionBench;

namespace {

// Its arguments are $@, as stet-trainer's; --out is the fifth.
const char* const kWrites = "echo '{\"phase\":\"exporting\",\"done\":250,\"total\":1000}' >&2; "
                            "echo \"$@\" > \"$5\"; echo 'note: The file says less' >&2; echo 'exported: x' >&2";
const char* const kFails = "echo 'stet-trainer: The disk is full: free some space' >&2; exit 3";
const char* const kWaits = "echo '{\"done\":1,\"total\":2}' >&2; exec sleep 600";

}  // namespace

class ModelExportControllerTest : public QObject {
    Q_OBJECT

    struct Shown {
        SessionBench bench;
        ui::TakeAlongPanel panel;
        app::ModelExportController controller;

        explicit Shown(const char* script)
            : controller(bench.session(), panel, SessionBench::trainerOf(script), nullptr)
        {
            bench.ask<bool>([](Project& project) {
                project.addRound(0, "stable");
                auto record = project.round(1);
                record.state = annotate::RoundState::Finished;
                project.updateRound(record);
                return true;
            });
            panel.show();
            panel.open(1);
        }

        QString out() const { return QFileInfo(bench.folder()).dir().filePath(QStringLiteral("out.gguf")); }
        void ask(const char* form, const char* program, int round = 1)
        {
            Q_EMIT panel.exportRequested(round, QString::fromLatin1(form), QString::fromLatin1(program), out());
        }
        bool shows(const QString& text) const
        {
            const auto labels = panel.findChildren<QLabel*>();
            return std::any_of(labels.begin(), labels.end(),
                               [&](const QLabel* label) { return label->isVisible() && label->text().contains(text); });
        }
        bool says(const QString& text) const
        {
            return QTest::qWaitFor([&] { return shows(text); }, SessionBench::kPatienceMs);
        }
    };

private Q_SLOTS:
    void whatIsSavedIsWhatWasAskedFor()
    {
        Shown shown(kWrites);
        shown.ask("gguf-f16", "llama.cpp");
        QVERIFY(shown.says(QStringLiteral("Saved as ") + shown.out()));
        QVERIFY(shown.says(QStringLiteral("The file says less.")));
        QCOMPARE(shown.panel.findChild<QProgressBar*>()->value(), 250);
        QCOMPARE(shown.panel.findChild<QLineEdit*>()->text(), QStringLiteral("llama-cli -m '%1'").arg(shown.out()));
        const auto arguments = QString::fromStdString(readFile(shown.out().toStdString(), 65536));
        QVERIFY2(arguments.startsWith(QStringLiteral("export --model ")), qPrintable(arguments));
        QVERIFY2(arguments.contains(QStringLiteral("--out %1 --adapter %2/rounds/0001/adapter --gguf F16")
                                        .arg(shown.out(), shown.bench.folder())),
                 qPrintable(arguments));
    }

    void anotherProgramHasNoLine()
    {
        Shown shown(kWrites);
        shown.ask("gguf-f16", "");
        QVERIFY(shown.says(QStringLiteral("Saved as ")));
        QVERIFY(!shown.panel.findChild<QLineEdit*>()->isVisible());
    }

    void whyItFailedIsSaidInTheTrainersWords()
    {
        Shown shown(kFails);
        shown.ask("gguf-f16", "llama.cpp");
        QVERIFY(shown.says(QStringLiteral("The disk is full: free some space")));
        QVERIFY(!shown.shows(QStringLiteral("stet-trainer:")));
    }

    void whatCannotBeWrittenIsSaidBeforeAnythingRuns()
    {
        Shown shown(kWrites);
        shown.ask("peft", "", 0);
        QVERIFY(shown.says(QStringLiteral("The base model has no adapter")));
        QVERIFY(!QFileInfo::exists(shown.out()));
    }

    void itCanBeCancelled()
    {
        Shown shown(kWaits);
        shown.ask("gguf-f16", "llama.cpp");
        QVERIFY(QTest::qWaitFor([&] { return shown.panel.findChild<QProgressBar*>()->value() == 500; },
                                SessionBench::kPatienceMs));
        Q_EMIT shown.panel.cancelRequested();
        QVERIFY(shown.says(QStringLiteral("Cancelled; nothing was written.")));
        shown.ask("gguf-f16", "llama.cpp");  // and once more
        QVERIFY(shown.says(QStringLiteral("Saving …")));
    }

    void aTrainerThatIsNotThereIsNamed()
    {
        SessionBench bench;
        ui::TakeAlongPanel panel;
        app::ModelExportController controller(bench.session(), panel, {QStringLiteral("/nowhere/stet-trainer")},
                                              nullptr);
        panel.show();
        panel.open(0);
        Q_EMIT panel.exportRequested(0, QStringLiteral("gguf-f16"), QString(),
                                     bench.folder() + QStringLiteral(".gguf"));
        QVERIFY(QTest::qWaitFor(
            [&] {
                const auto labels = panel.findChildren<QLabel*>();
                return std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
                    return label->text().contains(QStringLiteral("/nowhere/stet-trainer"));
                });
            },
            SessionBench::kPatienceMs));
    }
};

QTEST_MAIN(ModelExportControllerTest)
#include "tst_model_export_controller.moc"
