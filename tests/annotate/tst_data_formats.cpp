// The data formats of other programs: a file is known by its content, its rows mean what that program means by them,
// what can be said comes out again as it came in, and what can't be taken is named. Real files where ../shared/data has
// them.
#include "annotate/exchange/export.h"
#include "annotate/exchange/formats/columns.h"
#include "annotate/exchange/formats/format.h"
#include "annotate/exchange/import.h"
#include "base/files.h"
#include "base/json_lines.h"
#include "contract/example.h"
#include "tests/annotate/open_project.h"
#include "tests/support/failures.h"
#include "tests/support/gzip.h"
#include "tests/support/paths.h"

#include <QtTest>

#include <algorithm>

using namespace stet;
using namespace stet::annotate;
using namespace stet::test;

namespace {

// One record for each program, as its own files have them.
const char* const kAlpaca = R"([
    {"instruction":"Add.","input":"2 and 3","output":"5"},
    {"instruction":"Name a river.","input":"","output":"The Elbe.","text":"Below is an instruction …"},
    {"instruction":"And now?","input":"","system":"Be brief.","history":[["Hello?","Yes."]],"output":"No."}
]
)";
const char* const kShepherd =
    R"({"id":4,"dataset":"GSM8K","question":"What is 2 + 3?","answer":"6\n\n","feedback":"The sum is 5."}
{"id":5,"question":"What is 2 + 2?","answer":"4","feedback":null}
)";
const char* const kShepherdRaw =
    R"({"id": 0, "dataset": "GSM8K", "latestLabel": {"jsonResponse": {"CLASSIFICATION_JOB_0": {"categories": [{"name": "COHERENCE", "children": {"TRANSCRIPTION_JOB_8": {"text": "The sum is off."}}}, {"name": "ARITHMETIC", "children": {"TRANSCRIPTION_JOB_12": {"text": "2 + 3 is 5."}}}], "jobName": "Error Type"}}}, "metadata": {"context": "What is 2 + 3?", "output_correct": "5", "output_candidate": "6"}}
)";
const char* const kUltraFeedback =
    R"({"source":"flan","instruction":"Name a river.","models":["bard","alpaca-7b"],"completions":[{"model":"bard","annotations":{"helpfulness":{"Rating":"4","Rationale":"…"}},"custom_system_prompt":"Be kind.","overall_score":7.50,"response":"The Elbe.","critique":"It could say where it flows."},{"model":"alpaca-7b","overall_score":1.0,"response":"Berlin","critique":"That is a city."}],"correct_answers":["None"],"incorrect_answers":["None"]}
)";
const char* const kOpenAi =
    R"({"messages":[{"role":"user","content":"Name a river."},{"role":"assistant","content":"The Elbe."}]}
{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"},{"role":"assistant","content":"d"}]}
)";
const char* const kShareGpt = R"([
    {"id":"x_0","conversations":[{"from":"human","value":"Name a river."},{"from":"gpt","value":"The Elbe."}]},
    {"id":"x_1","conversations":[{"from":"system","value":"Be brief."},{"from":"human","value":"a"},{"from":"gpt","value":"b"}]}
]
)";
const char* const kTrl =
    R"({"prompt":[{"role":"user","content":"Name a river."}],"completion":[{"role":"assistant","content":"The Elbe."}],"label":true}
{"prompt":[{"role":"system","content":"Be brief."},{"role":"user","content":"a"}],"completion":[{"role":"assistant","content":"b"}],"label":false}
)";
const char* const kTrlPairs =
    R"({"prompt":[{"role":"user","content":"Name a river."}],"chosen":[{"role":"assistant","content":"The Elbe."}],"rejected":[{"role":"assistant","content":"Berlin"}]}
)";
const char* const kCsv =
    "\xEF\xBB\xBFid,instruction,input,output,verdict,judgment,revision,demonstration,messages\n"
    "7,\"Say \"\"yes\"\", please\",,\"Yes.\nIndeed.\",criticised,\"It says more, than asked\",Yes.,,\n"
    "b,a;b\tc,in,out,accepted,,,,\n"
    "8,q,,r,open,,,,\n";

}  // namespace

class DataFormatsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<OpenProject> m_open;

    std::string path(const char* name) const { return m_open->dir.filePath(QString::fromUtf8(name)).toStdString(); }

    std::string file(const QByteArray& content, const char* name = "in.data") const
    {
        publishFile(path(name), content.toStdString());
        return path(name);
    }

    ImportResult take(const QByteArray& content, const char* name = "in.data", const Columns& columns = {})
    {
        return importFile(*m_open->project, openDataFile(file(content, name), "auto", columns));
    }

    QByteArray exported(const char* format, QueueFilter filter = QueueFilter::All) const
    {
        exportFile(*m_open->project, path("out"), format, filter);
        return QByteArray::fromStdString(readFile(path("out"), std::size_t{64} << 20));
    }

    std::vector<ResponseItem> items() const { return m_open->project->items(QueueFilter::All, {}, 1000); }

    QString refusal(const QByteArray& content, const char* name = "in.data", const Columns& columns = {})
    {
        return QString::fromStdString(messageOf([&] { (void)take(content, name, columns); }));
    }

private Q_SLOTS:
    void init() { m_open = std::make_unique<OpenProject>(); }

    void aFileIsKnownByItsContentAndComesOutAsItCame_data()
    {
        QTest::addColumn<QString>("format");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<int>("responses");
        const auto row = [](const char* format, const char* content, int responses) {
            QTest::newRow(format) << QString::fromUtf8(format) << QByteArray(content) << responses;
        };
        row("alpaca", kAlpaca, 3);
        row("shepherd", kShepherd, 2);
        row("ultrafeedback", kUltraFeedback, 2);
        row("openai", kOpenAi, 2);
        row("sharegpt", kShareGpt, 2);
        row("trl", kTrl, 2);
        row("trl-pairs", kTrlPairs, 1);
        row("csv", kCsv, 3);
        QTest::newRow("tsv") << QStringLiteral("tsv")
                             << QByteArray(kCsv).mid(3).replace(',', '\t').replace("b\tc", "bc") << 3;
    }

    void aFileIsKnownByItsContentAndComesOutAsItCame()
    {
        QFETCH(QString, format);
        QFETCH(QByteArray, content);
        QFETCH(int, responses);
        QCOMPARE(QString::fromStdString(formatOfFile(file(content)).name()), format);
        const ImportResult result = take(content);
        QCOMPARE(result.responses, responses);
        for (const auto& finding : result.findings) {  // of the disliked answer without words alone
            QVERIFY2(format == QLatin1String("trl") && finding.row == 2, finding.problem.c_str());
        }
        QCOMPARE(exported(format.toUtf8().constData()), content);
        // And by Stet's own lines into another project, where nothing is lost on the way.
        const QByteArray lines = exported("jsonl");
        OpenProject second;
        publishFile(path("lines.jsonl"), lines.toStdString());
        QCOMPARE(importFile(*second.project, path("lines.jsonl"), "auto").responses, responses);
        exportFile(*second.project, path("again"), format.toStdString(), QueueFilter::All);
        QCOMPARE(QByteArray::fromStdString(readFile(path("again"), 1U << 20U)), content);
    }

    void everyFormatIsReadPackedAndFromAnyEncoding()
    {
        QCOMPARE(take(gzipped(kCsv), "in.csv.gz").responses, 3);
        const QString text = QString::fromUtf8(kShareGpt);
        QByteArray utf16("\xFF\xFE");
        utf16.append(reinterpret_cast<const char*>(text.utf16()), text.size() * 2);
        QCOMPARE(take(utf16).responses, 2);
        QCOMPARE(take(gzipped("Name a river.\nName a lake.\n"), "ask.txt.gz").instructions, 2);
    }

    void shepherdsRawFileHoldsEveryCommentAndTheCorrectAnswer()
    {
        QCOMPARE(take(kShepherdRaw).criticised, 1);
        const auto item = items().front();
        QCOMPARE(item.instruction, std::string("What is 2 + 3?"));
        QCOMPARE(item.output, std::string("6"));
        QCOMPARE(item.judgment, std::string("The sum is off. 2 + 3 is 5."));
        QCOMPARE(item.demonstration, std::optional<std::string>("5"));
        QVERIFY(item.extra.find("CLASSIFICATION_JOB_0") != std::string::npos);
        QCOMPARE(
            exported("shepherd"),
            QByteArray(
                R"({"id":0,"dataset":"GSM8K","question":"What is 2 + 3?","answer":"6","feedback":"The sum is off. 2 + 3 is 5."})"
                "\n"));
    }

    void theRealJudgmentsOfShepherdComeInAndOut()
    {
        if (sharedData().empty()) {
            QSKIP("../shared/data is absent");
        }
        const std::string folder = sharedData() + "/judgments/";
        const std::string source = folder + "shepherd-human_data_for_model.jsonl";
        const auto result = importFile(*m_open->project, source, "auto");
        QCOMPARE(result.responses, 1317);
        QCOMPARE(result.criticised, 1317);
        publishFile(path("out"), exported("shepherd").toStdString());
        JsonLinesReader before(source);
        JsonLinesReader after(path("out"));
        for (int i = 0; i < 1317; ++i) {
            QCOMPARE(QString::fromStdString(after.next()->dump()), QString::fromStdString(before.next()->dump()));
        }
        QVERIFY(!after.next());
        OpenProject raw;
        QCOMPARE(importFile(*raw.project, folder + "shepherd-human_data_raw.jsonl", "auto").criticised, 1317);
        const auto item = *raw.project->item(*raw.project->findExternal("0"));
        QCOMPARE(item.output, m_open->project->item(*m_open->project->findExternal("0"))->output);
        QVERIFY(item.demonstration->ends_with("The answer is 8"));
    }

    void aRoundTrainsOnTheRealJudgmentsOfShepherd()
    {
        if (sharedData().empty()) {
            QSKIP("../shared/data is absent");
        }
        ImportHooks hooks;
        hooks.holdOut = false;
        const std::string source = sharedData() + "/judgments/shepherd-human_data_for_model.jsonl";
        importFile(*m_open->project, openDataFile(source, "auto"), hooks);
        const int number = m_open->project->addRound(0, "cut-code");
        m_open->project->writeRoundInput(number);
        const auto file = contract::readExamples(m_open->project->roundFolder(number) + "/examples.jsonl", true);
        QCOMPARE(file.examples.size(), std::size_t{1317});
        QVERIFY(std::all_of(file.examples.begin(), file.examples.end(),
                            [](const auto& example) { return example.judgment && !example.judgment->empty(); }));
    }

    void anAnswerOfUltraFeedbackIsItsModels()
    {
        QCOMPARE(take(kUltraFeedback).criticised, 2);
        const auto all = items();
        QCOMPARE(all[1].author, (Author{AuthorKind::Model, {}, "alpaca-7b", {}}));
        QCOMPARE(all[1].judgment, std::string("That is a city."));
        QVERIFY(all[0].extra.find("7.50") != std::string::npos);  // digit by digit
    }

    void plainTextOfTrlIsReadAsWell()
    {
        const auto result =
            take("{\"prompt\": \"Name a river.\", \"completion\": \" The Elbe.\"}\n"
                 "{\"prompt\": \"Name a lake.\", \"completion\": \"Bonn\", \"label\": false}\n"
                 "{\"prompt\": \"Name a sea.\", \"chosen\": \"The Baltic.\", \"rejected\": \"Ulm\", \"score\": 3.0}\n"
                 "{\"system\": \"Be brief.\", \"question\": \"q\", \"chosen\": \"c\", \"rejected\": \"r\"}\n");
        QCOMPARE(result.responses, 4);
        QCOMPARE(result.criticised, 1);
        QCOMPARE(result.open, 3);
        const auto all = items();
        QCOMPARE(all[0].output, std::string(" The Elbe."));
        QCOMPARE(all[2].output, std::string("Ulm"));
        QCOMPARE(all[2].demonstration, std::optional<std::string>("The Baltic."));
        QVERIFY(all[3].messages.find("Be brief.") != std::string::npos);
    }

    void aPairOfWholeConversationsBeginsWithItsPrompt()
    {
        take(
            R"({"chosen":[{"role":"user","content":"a"},{"role":"assistant","content":"good"}],)"
            R"("rejected":[{"role":"user","content":"a"},{"role":"assistant","content":"bad"}],)"
            R"("messages":[{"role":"user","content":"a"},{"role":"assistant","content":"good"}],"prompt":"a","score_chosen":8.5})"
            "\n");
        const auto item = items().front();
        QCOMPARE(item.instruction, std::string("a"));
        QCOMPARE(item.output, std::string("bad"));
        QCOMPARE(item.demonstration, std::optional<std::string>("good"));
        QVERIFY(item.messages.empty());
    }

    void whatIsExportedTeachesWhatIsMeant()
    {
        take(R"({"id":1,"instruction":"a","output":"bad","judgment":"no","demonstration":"good"}
{"id":2,"instruction":"b","output":"bad","judgment":"no"}
{"id":3,"instruction":"c","output":"fine","judgment":null}
)");
        // A file that knows no judgments holds no criticised response as an example.
        const QByteArray alpaca = exported("alpaca");
        QVERIFY2(alpaca.contains("\"good\"") && alpaca.contains("\"fine\"") && !alpaca.contains("\"bad\""), alpaca);
        QCOMPARE(exportFile(*m_open->project, path("o"), "openai", QueueFilter::All), 2);
        QCOMPARE(exportFile(*m_open->project, path("o"), "sharegpt", QueueFilter::Criticised), 1);
        QCOMPARE(exportFile(*m_open->project, path("o"), "trl", QueueFilter::All), 3);
        QCOMPARE(exportFile(*m_open->project, path("o"), "trl-pairs", QueueFilter::All), 1);
    }

    void theUsualNamesOfColumnsAreKnown()
    {
        take("Prompt;Model Response;Comment\nName a river.;Berlin;\"That is a city; no river.\"\r\n", "table.csv");
        const auto item = items().front();
        QCOMPARE(item.instruction, std::string("Name a river."));
        QCOMPARE(item.output, std::string("Berlin"));
        QCOMPARE(item.judgment, std::string("That is a city; no river."));
        QCOMPARE(item.verdict, Verdict::Criticised);
        take(QStringLiteral("指令\t回答\n说一条河\t易北河\n").toUtf8(), "table.tsv");
        QCOMPARE(items().back().output, std::string("易北河"));
        QCOMPARE(take("instruction,output\nName a lake.,\n").instructions, 1);  // nothing is answered
    }

    void whatIsOnlyNamedLikeATableIsNone()
    {
        const QString page = refusal("<!DOCTYPE html><html>a, b</html>", "download.csv");
        QVERIFY2(page.contains(QStringLiteral("an HTML page")), qPrintable(page));
        QCOMPARE(take(kTrl, "lines.csv").responses, 2);
    }

    void columnsAreWhatSomebodySays()
    {
        const QByteArray table = "q,a1,a2\nName a river.,Elbe,Rhine\n";
        QVERIFY2(refusal(table, "t.csv").contains(QStringLiteral("it has q, a1, a2")),
                 qPrintable(refusal(table, "t.csv")));
        take(table, "t.csv", columnsFrom("instruction=q,output=a2"));
        QCOMPARE(items().front().output, std::string("Rhine"));
        QVERIFY(items().front().extra.find("Elbe") != std::string::npos);
        // Of lines of JSON, too.
        take(R"({"text":{"n":1.0},"q":"Name a lake.","a":"Lake Constance"})", "in.jsonl",
             columnsFrom("instruction=q,output=a"));
        QCOMPARE(items().back().output, std::string("Lake Constance"));
        QVERIFY(items().back().extra.find("{\"n\":1.0}") != std::string::npos);
        const QString absent = refusal(table, "t.csv", columnsFrom("instruction=x"));
        QVERIFY2(absent.contains(QStringLiteral("no column 'x'")), qPrintable(absent));
        for (const char* wrong : {"q", "=q", "instruction=", "instructoin=q", "instruction=q,"}) {
            QVERIFY2(messageOf([&] { (void)columnsFrom(wrong); }).find("--columns") != std::string::npos, wrong);
        }
        const auto other = messageOf([&] { (void)openDataFile(file(kTrl), "trl", columnsFrom("instruction=q")); });
        QVERIFY2(other.find("'trl' names its fields itself") != std::string::npos, other.c_str());
    }

    void whatIsWrongIsNamedWithItsPlaceAndLeavesNothing_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("said");
        const auto row = [](const char* name, const QByteArray& content, const char* said) {
            QTest::newRow(name) << content << QString::fromUtf8(said);
        };
        row("a cell too many", "instruction,output\na,b\nc,d,e\n", "line 3: 3 cells, and the header has 2");
        row("a quote that does not end", "instruction,output\na,b\nc,\"d\ne,f\n", "line 3: the quote that opens here");
        row("another encoding",
            "instruction,output\nGr\xFC\xDF"
            "e,b\n",
            "line 2: it is not UTF-8");
        row("two columns of one name", "instruction,output,output\na,b,c\n", "two columns are named 'output'");
        row("a header alone", "instruction,output\n", "holds no records");
        row("an answer that is no text",
            R"([{"instruction":"a","input":"","output":"b"},{"instruction":"a","input":"","output":5}])",
            "record 2: field 'output'");
        row("a label that is no truth value", R"({"prompt":"a","completion":"b","label":"good"})",
            "line 1: field 'label'");
        row("a pair without a prompt",
            R"({"chosen":"\n\nHuman: a\n\nAssistant: b","rejected":"\n\nHuman: a\n\nAssistant: c"})",
            "line 1: a preference pair without a prompt");
        row("completions that are none", R"({"instruction":"a","completions":["b"]})", "line 1: field 'completions'");
        row("answers that repeat a long text without end",
            R"({"instruction":"a","source":")" + QByteArray(1 << 20, 'x') + R"(","completions":[)" +
                QByteArray(R"({"response":"b"},)").repeated(100) + R"({"response":"b"}]})",
            "longer than 64 MiB");
        row("nothing but calls of tools",
            R"({"messages":[{"role":"user","content":"a"},{"role":"assistant","content":null,"tool_calls":[]}]})",
            "that can be taken. The first");
        row("another format's row in the midst",
            "{\"instruction\":\"a\",\"output\":\"b\",\"judgment\":\"c\"}\n{\"conversations\":[]}\n",
            "line 2: This is a ShareGPT conversation");
    }

    void whatIsWrongIsNamedWithItsPlaceAndLeavesNothing()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, said);
        const QString message = refusal(content);
        QVERIFY2(message.contains(said) && message.contains(QStringLiteral("in.data")), qPrintable(message));
        QCOMPARE(m_open->project->counts().total, 0);
    }

    void aConversationThatAnswersNothingIsLeftOutAndPointedOut()
    {
        const auto result =
            take(R"([{"id":"1","conversations":[{"from":"human","value":"a"},{"from":"gpt","value":"b"}]},)"
                 R"({"id":"2","conversations":[]},)"
                 R"({"id":"3","conversations":[{"from":"gpt","value":"b"}]},)"
                 R"({"id":"4","conversations":[{"from":"human","value":"c"}]}])");
        QCOMPARE(result.responses, 1);
        QCOMPARE(result.instructions, 1);
        QCOMPARE(result.findings.size(), std::size_t{2});
        QCOMPARE(result.findings[0].row, 2);
        QVERIFY2(result.findings[1].problem.find("nothing of the user's") != std::string::npos,
                 result.findings[1].problem.c_str());
    }
};

QTEST_APPLESS_MAIN(DataFormatsTest)
#include "tst_data_formats.moc"
