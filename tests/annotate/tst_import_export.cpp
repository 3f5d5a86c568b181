// Files in and out: the paper's JSON and JSON Lines, the real judgments among them; what is wrong is named by row, and
// a failed import leaves nothing.
#include "annotate/exchange/example_project.h"
#include "annotate/exchange/export.h"
#include "annotate/exchange/import.h"
#include "annotate/exchange/linter.h"
#include "annotate/store/project.h"
#include "base/files.h"
#include "base/json.h"
#include "tests/support/failures.h"
#include "tests/support/paths.h"

#include <QTemporaryDir>
#include <QtTest>

#include <set>

#include <filesystem>
#include <functional>

using namespace stet;
using namespace stet::annotate;

class ImportExportTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_temporary;
    std::unique_ptr<Project> m_project;

    std::string path(const char* name) const { return m_temporary->filePath(QString::fromLatin1(name)).toStdString(); }

    std::string file(const char* name, const std::string& content) const
    {
        publishFile(path(name), content);
        return path(name);
    }

private Q_SLOTS:
    void init()
    {
        m_temporary = std::make_unique<QTemporaryDir>();
        m_project = Project::create(path("p.stet"), "/models/one");
    }

    void cleanup() { m_project.reset(); }

    void theRealJudgmentsAreImportedAndComeOutEqual()
    {
        if (test::sharedData().empty()) {
            QSKIP("../shared/data is absent");
        }
        const std::string source = test::sharedData() + "/judgments/cut-online-iter1.json";
        const auto result = importFile(*m_project, source, "auto");
        QCOMPARE(result.responses, 1000);
        QCOMPARE(result.accepted, 713);
        QCOMPARE(result.criticised, 287);
        QCOMPARE(result.open, 0);
        int placeholders = 0;
        for (const auto& finding : result.findings) {
            placeholders += finding.problem.find("$ERROR$") != std::string::npos ? 1 : 0;
        }
        QCOMPARE(placeholders, 47);
        QCOMPARE(exportFile(*m_project, path("out.json"), "cut", QueueFilter::All), 1000);
        QVERIFY(readJsonFile(path("out.json")) == readJsonFile(source));
        // And by JSON Lines into another project, without loss.
        QCOMPARE(exportFile(*m_project, path("out.jsonl"), "jsonl", QueueFilter::All), 1000);
        const auto second = Project::create(path("q.stet"), "/models/one");
        QCOMPARE(importFile(*second, path("out.jsonl"), "auto").criticised, 287);
        QCOMPARE(exportFile(*second, path("again.json"), "cut", QueueFilter::All), 1000);
        QVERIFY(readJsonFile(path("again.json")) == readJsonFile(source));
    }

    void jsonLinesKeepEverythingThatWasSaid()
    {
        const std::string lines =
            "\xEF\xBB\xBF{\"id\": 7, \"instruction\": \"Grüße 你好\", \"input\": \"x\", \"output\": \"a\\nb "
            "🦙\", "
            "\"judgment\": \"\", \"marks\": [{\"begin\": 0, \"end\": 1, \"mark\": \"flag\"}], \"stopped\": \"length\", "
            "\"source_row\": {\"n\": [1, 2.5]}}\r\n"
            "\r\n"
            "{\"id\": \"b\", \"instruction\": \"i\", \"output\": \"o\", \"judgment\": null}\r\n"
            "{\"id\": \"c\", \"instruction\": \"i2\", \"output\": \"o2\"}";
        const auto result = importFile(*m_project, file("in.jsonl", lines), "auto");
        QCOMPARE(result.responses, 3);
        QCOMPARE(result.criticised, 1);
        QCOMPARE(result.accepted, 1);
        QCOMPARE(result.open, 1);
        const auto item = *m_project->item(*m_project->findExternal("7"));
        QCOMPARE(item.output, std::string("a\nb 🦙"));
        QCOMPARE(item.verdict, Verdict::Criticised);
        QVERIFY(item.stoppedByLength);
        QCOMPARE(item.marks.size(), std::size_t{1});
        exportFile(*m_project, path("out.jsonl"), "jsonl", QueueFilter::All);
        const auto second = Project::create(path("q.stet"), "/models/one");
        importFile(*second, path("out.jsonl"), "jsonl");
        exportFile(*second, path("again.jsonl"), "jsonl", QueueFilter::All);
        QCOMPARE(readFile(path("again.jsonl"), 1U << 20U), readFile(path("out.jsonl"), 1U << 20U));
        QVERIFY(readFile(path("out.jsonl"), 1U << 20U).find("\"source_row\"") != std::string::npos);
    }

    void aFilterChoosesWhatIsExported()
    {
        importFile(*m_project, file("in.jsonl", R"({"id": 1, "instruction": "a", "output": "b", "judgment": "no"}
{"id": 2, "instruction": "c", "output": "d", "judgment": null}
{"id": 3, "instruction": "e", "output": "f"}
)"),
                   "jsonl");
        QCOMPARE(exportFile(*m_project, path("c.jsonl"), "jsonl", QueueFilter::Criticised), 1);
        QCOMPARE(exportFile(*m_project, path("all.jsonl"), "jsonl", QueueFilter::All), 3);
        QCOMPARE(exportFile(*m_project, path("cut.json"), "cut", QueueFilter::All), 2);  // who was not judged stays out
    }

    void badFilesAreNamedByRowAndLeaveNothing_data()
    {
        QTest::addColumn<QString>("content");
        QTest::addColumn<QString>("said");
        const QString good =
            QStringLiteral("{\"id\": 1, \"instruction\": \"a\", \"output\": \"b\", \"judgment\": null}\n");
        QTest::newRow("broken JSON") << good + QStringLiteral("{\"id\": 2, \"instruction\"\n") << "line 2";
        QTest::newRow("missing output") << good +
                QStringLiteral("{\"id\": 2, \"instruction\": \"a\", \"judgment\": \"x\"}\n")
                                        << "output";
        QTest::newRow("wrong type") << good + QStringLiteral("{\"id\": 2, \"instruction\": 5, \"output\": \"b\"}\n")
                                    << "instruction";
        QTest::newRow("a list in a line") << good + QStringLiteral("[1, 2]\n") << "line 2";
        QTest::newRow("broken UTF-8") << good + QStringLiteral("\x01\x02") << "line 2";
        const auto with = [&](const char* field) {
            return good + QStringLiteral("{\"instruction\": \"a\", \"output\": \"b\", %1}\n").arg(QLatin1String(field));
        };
        // What a round would refuse.
        QTest::newRow("a fraction as id") << with("\"id\": 1.5") << "line 2: field 'id'";
        QTest::newRow("a list as id") << with("\"id\": [1]") << "line 2: field 'id'";
        QTest::newRow("a mark of no kind")
            << with(R"("marks": [{"begin": 0, "end": 1, "mark": "flog"}])") << "line 2: a mark needs";
        QTest::newRow("a mark that ends before it begins")
            << with(R"("marks": [{"begin": 5, "end": 1, "mark": "flag"}])") << "line 2: a mark needs";
        QTest::newRow("marks that are no list") << with("\"marks\": 7") << "line 2: field 'marks'";
        QTest::newRow("mistyped end") << with("\"stopped\": \"lenght\"") << "line 2: field 'stopped'";
        QTest::newRow("nothing") << QString() << "no records";
        QTest::newRow("an array of nothing") << QStringLiteral("[]") << "no records";
        QTest::newRow("an array cut short") << QStringLiteral("[{\"instruction\": \"a\", \"output\": \"b\"},") << "in";
    }

    void badFilesAreNamedByRowAndLeaveNothing()
    {
        QFETCH(QString, content);
        QFETCH(QString, said);
        const auto source = file("in.data", content.toStdString());
        const auto message =
            QString::fromStdString(test::messageOf([&] { (void)importFile(*m_project, source, "auto"); }));
        QVERIFY2(message.contains(said), qPrintable(message));
        QVERIFY2(message.contains(QStringLiteral("in.data")), qPrintable(message));
        QCOMPARE(m_project->counts().total, 0);
    }

    void anAbsentFileAndAnUnknownFormatAreNamed()
    {
        QVERIFY(test::messageOf([&] { (void)importFile(*m_project, path("absent"), "auto"); }).find("no such file") !=
                std::string::npos);
        const auto source = file("in.xls", "a,b\n");
        const auto said = test::messageOf([&] { (void)importFile(*m_project, source, "xls"); });
        QVERIFY2(said.find("'xls' is not supported") != std::string::npos &&
                     said.find("trl-pairs") != std::string::npos,
                 said.c_str());
    }

    void rowsWithoutAnIdGetOneOfTheirOwn()
    {
        const auto source = file("in.jsonl",
                                 "{\"instruction\": \"a\", \"output\": \"b\"}\n"
                                 "{\"id\": 2, \"instruction\": \"c\", \"output\": \"d\"}\n"
                                 "{\"instruction\": \"e\", \"output\": \"f\"}\n");
        QVERIFY(importFile(*m_project, source, "auto").findings.empty());
        const auto other = file("other.jsonl", "{\"instruction\": \"g\", \"output\": \"h\"}\n");
        QVERIFY(importFile(*m_project, other, "auto").findings.empty());
        std::set<std::string> ids;
        for (const auto id : m_project->ids(QueueFilter::All)) {
            ids.insert(m_project->item(id)->externalId);
        }
        QCOMPARE(ids, (std::set<std::string>{"1", "2", "3", "4"}));
    }

    void anIdThatStandsTwiceIsPointedOut()
    {
        const auto source = file("in.jsonl",
                                 "{\"id\": 1, \"instruction\": \"a\", \"output\": \"b\"}\n"
                                 "{\"id\": 1, \"instruction\": \"c\", \"output\": \"d\"}\n");
        const auto found = importFile(*m_project, source, "auto").findings;
        QCOMPARE(found.size(), std::size_t(1));
        QVERIFY2(found.front().problem.find("Row 1 has the same id") != std::string::npos,
                 found.front().problem.c_str());
        const auto other = file("other.jsonl", "{\"id\": 1, \"instruction\": \"e\", \"output\": \"f\"}\n");
        const auto again = importFile(*m_project, other, "auto").findings;
        QCOMPARE(again.size(), std::size_t(1));
        QVERIFY2(again.front().problem.find("Another response") != std::string::npos, again.front().problem.c_str());
    }

    void aCancelledImportLeavesNothing()
    {
        std::string lines;
        for (int i = 0; i < 5000; ++i) {
            const std::string number = std::to_string(i);
            lines += "{\"id\": " + number + ", \"instruction\": \"a\", \"output\": \"b" + number + "\"}\n";
        }
        ImportHooks hooks;
        int reported = 0;
        hooks.onProgress = [&](int done) { reported = done; };
        hooks.cancelled = [&] { return reported > 0; };
        const auto source = file("in.jsonl", lines);
        const auto said = test::messageOf([&] { (void)importFile(*m_project, source, "jsonl", hooks); });
        QVERIFY2(said.find("nothing was imported") != std::string::npos, said.c_str());
        QCOMPARE(m_project->counts().total, 0);
        QCOMPARE(importFile(*m_project, source, "jsonl").responses, 5000);
    }

    void theLinterPointsOutWhatSpoilsTraining_data()
    {
        QTest::addColumn<QString>("judgment");
        QTest::addColumn<int>("findings");
        QTest::newRow("placeholder") << "$ERROR$" << 1;
        QTest::newRow("praise as criticism") << "The response is perfect." << 1;
        QTest::newRow("a criticism") << "The count is wrong: there are three words." << 0;
    }

    void theLinterPointsOutWhatSpoilsTraining()
    {
        QFETCH(QString, judgment);
        QFETCH(int, findings);
        Linter linter;
        NewResponse response;
        response.externalId = "1";
        response.instruction = "Count.";
        response.output = "Two words.";
        response.verdict = Verdict::Criticised;
        response.judgment = judgment.toStdString();
        const auto found = linter.look(response, 1);
        QCOMPARE(static_cast<int>(found.size()), findings);
        for (const auto& finding : found) {
            QVERIFY(!finding.problem.empty());
            QVERIFY(!finding.suggestion.empty());
        }
        // The same again is a duplicate of row 1, when that came in.
        QCOMPARE(static_cast<int>(linter.look(response, 2).size()), findings);
        linter.remember(response, 1);
        QCOMPARE(static_cast<int>(linter.look(response, 2).size()), findings + 1);
        response.messages = R"([{"role":"user","content":"Else."},{"role":"user","content":"Count."}])";
        QCOMPARE(static_cast<int>(linter.look(response, 3).size()), findings);  // another conversation
    }

    void theBundledExampleBecomesAProject()
    {
        createExampleProject(test::exampleDir(), path("example.stet"));
        const auto example = Project::open(path("example.stet"));
        const auto counts = example->counts();
        QVERIFY(counts.total >= 200);
        QVERIFY(counts.open >= 10);
        QVERIFY(counts.accepted >= 10);
        QCOMPARE(example->instructions("heldout").size(), std::size_t{100});
        QVERIFY(!example->instructions("control").empty());
        QVERIFY(!example->setting("guidelines").empty());
        QVERIFY(!example->item(*example->firstOpen())->hint.empty());
        const auto judged = example->ids(QueueFilter::Criticised).front();
        QCOMPARE(example->item(judged)->judgedBy, program("programmatic judge"));
        QVERIFY(std::filesystem::exists(path("example.stet") + "/model/model.safetensors"));
    }
};

QTEST_APPLESS_MAIN(ImportExportTest)
#include "tst_import_export.moc"
