// The Project page's buttons: import and export with what they say, guidelines, integrity, backups.
#include "app/session/project_controller.h"
#include "base/files.h"
#include "tests/app/session/session_bench.h"
#include "ui/project/export_panel.h"
#include "ui/project/findings_table.h"
#include "ui/project/import_panel.h"

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>

#include <future>

using namespace stet;
using annotate::Project;
using annotate::QueueCounts;
using annotate::QueueFilter;
using test::SessionBench;

class ProjectControllerTest : public QObject {
    Q_OBJECT

private:
    struct Shown {
        SessionBench bench;
        ui::ProjectPage page;
        app::ProjectController controller{bench.session(), page, nullptr};
        QSignalSpy imported{&controller, &app::ProjectController::imported};
        QTemporaryDir files;

        QString file(const char* name, std::string_view content) const
        {
            const QString path = files.filePath(QString::fromLatin1(name));
            publishFile(path.toStdString(), content);
            return path;
        }
        bool says(const QString& words) const
        {
            return QTest::qWaitFor(
                [&] {
                    const auto labels = page.findChildren<QLabel*>();
                    return std::any_of(labels.begin(), labels.end(),
                                       [&](const QLabel* label) { return label->text().contains(words); });
                },
                SessionBench::kPatienceMs);
        }
        bool offersCancel() const  // of the import
        {
            const auto buttons = page.findChild<ui::ImportPanel*>()->findChildren<QPushButton*>();
            return std::any_of(buttons.begin(), buttons.end(), [](const QPushButton* one) {
                return one->text() == QStringLiteral("Cancel") && !one->isHidden();
            });
        }
        QueueCounts counts()
        {
            return bench.ask<QueueCounts>([](Project& project) { return project.counts(); });
        }
    };

private Q_SLOTS:
    void anImportSaysWhatCameInAndTellsEverybody()
    {
        Shown shown;
        QSignalSpy judged(&shown.bench.state, &app::SessionState::judged);
        const int before = shown.counts().total;
        const QString file =
            shown.file("two.jsonl",
                       R"({"id": "n1", "instruction": "Say a.", "output": "a", "judgment": "Too short."})"
                       "\n"
                       R"({"id": "n2", "instruction": "Say b.", "output": "b", "judgment": null})"
                       "\n");
        Q_EMIT shown.page.importRequested(file, QStringLiteral("auto"));
        QTRY_COMPARE_WITH_TIMEOUT(shown.imported.count(), 1, SessionBench::kPatienceMs);
        QCOMPARE(judged.count(), 1);
        QVERIFY(shown.says(QStringLiteral("2 responses imported: 1 accepted, 1 criticised, 0 to do.")));
        QCOMPARE(shown.counts().total, before + 2);
    }

    void whatTheCheckFindsIsAskedBeforeAnythingComesIn()
    {
        Shown shown;
        const int before = shown.counts().total;
        const QString file = shown.file("three.csv",
                                        "id,instruction,output,judgment\n"
                                        "c1,Say a.,a,$ERROR$\n"
                                        "c2,Say b.,b,Perfect answer.\n"
                                        "c3,Say c.,c,The answer is too short.\n");
        Q_EMIT shown.page.importRequested(file, QStringLiteral("auto"));
        auto* table = shown.page.findChild<ui::FindingsTable*>();
        QTRY_COMPARE_WITH_TIMEOUT(table->rowCount(), 2, SessionBench::kPatienceMs);
        QCOMPARE(shown.counts().total, before);
        QCOMPARE(shown.imported.count(), 0);
        Q_EMIT shown.page.importDecided({{QStringLiteral("placeholder"), QStringLiteral("leave-out")},
                                         {QStringLiteral("praise"), QStringLiteral("accept")}});
        QTRY_COMPARE_WITH_TIMEOUT(shown.imported.count(), 1, SessionBench::kPatienceMs);
        QVERIFY(shown.says(QStringLiteral("2 responses imported: 1 accepted, 1 criticised, 0 to do.")));
        QVERIFY(shown.says(QStringLiteral("left out, as you said")));
        QCOMPARE(shown.counts().total, before + 2);
        QCOMPARE(table->rowCount(), 0);  // everything that was found got its remedy
    }

    void aRowThatCameInIsShownAndAnImportIsTakenBack()
    {
        Shown shown;
        const int before = shown.counts().total;
        QSignalSpy wanted(&shown.controller, &app::ProjectController::responseWanted);
        const QString file = shown.file("one.jsonl",
                                        R"({"id": "n1", "instruction": "Say a.", "output": "a", "socre": 3})"
                                        "\n");
        Q_EMIT shown.page.importRequested(file, QStringLiteral("auto"));
        QVERIFY(shown.offersCancel());
        QTRY_COMPARE_WITH_TIMEOUT(shown.imported.count(), 1, SessionBench::kPatienceMs);
        Q_EMIT shown.page.responseWanted(QStringLiteral("\"n1\""));
        QTRY_COMPARE_WITH_TIMEOUT(wanted.count(), 1, SessionBench::kPatienceMs);
        Q_EMIT shown.page.undoImportRequested();
        QVERIFY(!shown.offersCancel());  // nothing would come of it
        QTRY_COMPARE_WITH_TIMEOUT(shown.imported.count(), 2, SessionBench::kPatienceMs);
        QVERIFY(shown.says(QStringLiteral("The import of one.jsonl is taken back.")));
        QCOMPARE(shown.counts().total, before);
    }

    void aFileThatCannotBeReadIsSaidAndNothingComesIn()
    {
        Shown shown;
        const int before = shown.counts().total;
        Q_EMIT shown.page.importRequested(shown.file("bad.jsonl", "{\"instruction\": 1}\n"), QStringLiteral("auto"));
        QVERIFY(shown.says(QStringLiteral("bad.jsonl")));
        QCOMPARE(shown.imported.count(), 0);
        QCOMPARE(shown.counts().total, before);
    }

    void anExportSaysHowManyAndWhere()
    {
        Shown shown;
        const QString file = shown.files.filePath(QStringLiteral("out.jsonl"));
        Q_EMIT shown.page.exportRequested(file, QStringLiteral("auto"), QueueFilter::Accepted);
        QVERIFY(shown.says(QStringLiteral("%1 responses exported").arg(shown.counts().accepted)));
        QVERIFY(QFile::exists(file));
        // What nobody judged is nothing to a list of labelled answers.
        Q_EMIT shown.page.exportRequested(file, QStringLiteral("trl"), QueueFilter::All);
        QVERIFY(shown.says(QStringLiteral("left out: the format has no place for them")));
        Q_EMIT shown.page.exportRequested(QStringLiteral("/no/such/folder/out.json"), QStringLiteral("auto"),
                                          QueueFilter::All);
        QVERIFY(shown.says(QStringLiteral("/no/such/folder")));
    }

    void anExportShowsHowFarItIsAndCanBeCancelled()
    {
        Shown shown;
        std::string rows;
        for (int i = 0; i < 2000; ++i) {
            rows += "{\"instruction\": \"Say " + std::to_string(i) + ".\", \"output\": \"x\", \"judgment\": null}\n";
        }
        Q_EMIT shown.page.importRequested(shown.file("many.jsonl", rows), QStringLiteral("auto"));
        QTRY_COMPARE_WITH_TIMEOUT(shown.imported.count(), 1, SessionBench::kPatienceMs);
        // As a person does: once the button is there, it is pressed.
        auto* panel = shown.page.findChild<ui::ExportPanel*>();
        const auto buttons = panel->findChildren<QPushButton*>();
        auto* cancel = *std::find_if(buttons.begin(), buttons.end(),
                                     [](const QPushButton* b) { return b->text() == QLatin1String("Cancel"); });
        const QString file = shown.file("out.jsonl", "what was there\n");
        std::promise<void> held;
        shown.bench.store().ask<int>(
            annotate::Priority::Import,
            [&](Project&) {
                held.get_future().wait();
                return 0;
            },
            [](int) {}, [](const FailureReport&) {});
        Q_EMIT shown.page.exportRequested(file, QStringLiteral("auto"), QueueFilter::All);
        QVERIFY2(!cancel->isHidden(), "nothing shows that an export is waiting");
        cancel->click();
        held.set_value();
        QVERIFY(shown.says(QStringLiteral("The export was cancelled")));
        QVERIFY(cancel->isHidden());
        QFile read(file);
        QVERIFY(read.open(QIODevice::ReadOnly));
        QCOMPARE(read.readAll(), QByteArray("what was there\n"));
        Q_EMIT shown.page.exportRequested(file, QStringLiteral("auto"), QueueFilter::All);
        QVERIFY(shown.says(QStringLiteral("responses exported to")));
    }

    void guidelinesAreStored()
    {
        Shown shown;
        Q_EMIT shown.page.guidelinesEdited(QStringLiteral("Be brief."));
        QCOMPARE(shown.bench.ask<std::string>([](Project& project) { return project.setting("guidelines"); }),
                 std::string("Be brief."));
    }

    void theProjectIsCheckedAndTheResultIsANotice()
    {
        Shown shown;
        Q_EMIT shown.page.checkRequested();
        const auto notice = [&] {
            const auto found = shown.bench.frame.notices.find(QStringLiteral("check"));
            return found == shown.bench.frame.notices.end() ? QString() : found->second.text;
        };
        QTRY_VERIFY_WITH_TIMEOUT(!notice().isEmpty(), SessionBench::kPatienceMs);
        QVERIFY2(notice().startsWith(QStringLiteral("The project is whole")), qPrintable(notice()));
    }

    void aBackupIsMadeByItsButton()
    {
        Shown shown;
        const auto copies = [&] {
            return QDir(shown.bench.folder() + QStringLiteral("/backups")).entryList({QStringLiteral("*.db")}).size();
        };
        shown.counts();  // the one made at opening is there
        const auto before = copies();
        Q_EMIT shown.page.backupNowRequested();
        QTRY_COMPARE_WITH_TIMEOUT(copies(), before + 1, SessionBench::kPatienceMs);
    }

    void theModelsCardFollowsTheAdoptedRound()
    {
        Shown shown;
        contract::ModelDescription description;
        description.architecture = "LlamaForCausalLM";
        description.parameters = 1000;
        description.layers = 2;
        description.contextLength = 256;
        description.device = "cpu";
        description.computeDtype = "float32";
        description.memory = {4'000'000, 0, 400'000'000};
        shown.controller.modelDescribed(description, {});
        QVERIFY(shown.says(QStringLiteral("base model")));
        shown.bench.state.adopt(2, "rounds/0002/adapter");
        shown.controller.modelDescribed(description, {});
        QVERIFY(shown.says(QStringLiteral("round 2 adopted")));
    }
};

QTEST_MAIN(ProjectControllerTest)
#include "tst_project_controller.moc"
