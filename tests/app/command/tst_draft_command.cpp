// `stet draft`: with the real worker, whose small model can't be asked, and with one that answers as the test says.
#include "base/files.h"
#include "base/json.h"
#include "tests/support/paths.h"
#include "tests/support/patience.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>

using namespace stet;

namespace {

struct Said {
    int code = -1;
    QString out;
    QString err;
};

// A worker whose model has a chat template, and which answers the question about number N by line N of the file
// "answers". After ENDS answers, where that is not negative, it dies.
const char* const kWorker = R"py(#!/usr/bin/env python3
import json, os, re, sys
if sys.argv[1] == "describe":
    print(json.dumps({"chat_template": True}))
    sys.exit(0)
value = lambda name: sys.argv[sys.argv.index(name) + 1]
assert sys.argv[1] == "generate" and value("--prompt-style") == "chat"
here = os.path.dirname(sys.argv[0])
answers = open(os.path.join(here, "answers"), encoding="utf-8").read().split("\n")
with open(os.path.join(here, "asked"), "a") as asked:
    for number, line in enumerate(open(value("--in"), encoding="utf-8")):
        one = json.loads(line)
        if number == int(os.environ.get("ENDS", "-1")):
            os.kill(os.getpid(), 9)
        asked.write(str(one["id"]) + "\n")
        asked.flush()
        answer = answers[int(re.search("number ([0-9]+)", one["instruction"]).group(1)) - 1]
        print(json.dumps({"id": one["id"], "output": answer, "tokens": 1, "stopped": "eos"}), flush=True)
)py";

}  // namespace

class DraftCommandTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_temporary;
    QString m_project;

    QString path(const char* name) const { return m_temporary->filePath(QString::fromLatin1(name)); }

    static Said run(const QStringList& arguments, const QProcessEnvironment& environment = {})
    {
        QProcess process;
        if (!environment.isEmpty()) {
            process.setProcessEnvironment(environment);
        }
        process.start(QString::fromStdString(test::stetProgram()), arguments);
        if (!process.waitForFinished(test::kPatienceMs)) {
            process.kill();
            process.waitForFinished();
            return {};
        }
        return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
                QString::fromUtf8(process.readAllStandardError())};
    }

    Said runWithStandIn(const QStringList& arguments, int ends = -1) const
    {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("STET_TRAINER", path("worker"));
        environment.insert("ENDS", QString::number(ends));
        return run(arguments, environment);
    }

    // As many responses to do, and what the stand-in says of each.
    void import(const QStringList& answers) const
    {
        std::string lines;
        for (int number = 1; number <= answers.size(); ++number) {
            lines += toLine({{"id", "r" + std::to_string(number)},
                             {"instruction", "Do number " + std::to_string(number) + "."},
                             {"output", "It is sunny in the north today."}}) +
                "\n";
        }
        publishFile(path("answers").toStdString(), answers.join('\n').toStdString());
        publishFile(path("in.jsonl").toStdString(), lines);
        QCOMPARE(run({"import", m_project, path("in.jsonl"), "--hold-out", "none"}).code, 0);
    }

    int timesAsked() const
    {
        QFile asked(path("asked"));
        return asked.open(QIODevice::ReadOnly) ? static_cast<int>(asked.readAll().count('\n')) : 0;
    }

private Q_SLOTS:
    void init()
    {
        m_temporary = std::make_unique<QTemporaryDir>();
        m_project = path("p.stet");
        QCOMPARE(run({"new", m_project, "--model", QString::fromStdString(test::exampleDir() + "/model")}).code, 0);
        publishFile(path("worker").toStdString(), kWorker);
        std::filesystem::permissions(path("worker").toStdString(), std::filesystem::perms::owner_all);
    }

    void theBundledModelCannotBeAskedAndThatIsSaid()
    {
        import({"No."});
        const auto refused = run({"draft", m_project});
        QCOMPARE(refused.code, 4);
        QVERIFY2(refused.err.contains("has no chat template, so it can't be asked for a judgment"),
                 qPrintable(refused.err));
        QVERIFY(refused.err.contains("--model DIR"));
        QVERIFY(run({"list", m_project, "--filter", "drafted"}).out.isEmpty());
        QCOMPARE(run({"draft", m_project, "--model", path("nowhere")}).code, 3);
    }

    void draftsWaitToBeReviewedAndAreWrittenOnce()
    {
        import({"\"sunny\" is wrong.", "It is sunny in the north today.", "Nothing is wrong."});
        const auto drafted = runWithStandIn({"draft", m_project, "--model", path("big")});
        QVERIFY2(drafted.code == 0, qPrintable(drafted.err));
        QVERIFY2(drafted.out.startsWith("2 judgments by " + path("big") + " wait to be reviewed"),
                 qPrintable(drafted.out));
        QVERIFY(drafted.out.contains("1 copied what they were to judge; nothing was stored"));
        const auto listed = run({"list", m_project, "--filter", "drafted"}).out.split('\n', Qt::SkipEmptyParts);
        QCOMPARE(listed.size(), 2);
        const Json first = Json::parse(listed.front().toStdString());
        QCOMPARE(first.at("verdict"), Json("open"));
        QCOMPARE(first.at("hint"), Json("\"sunny\" is wrong."));
        QCOMPARE(first.at("drafted_by"), (Json{{"kind", "model"}, {"model", path("big").toStdString()}}));
        QCOMPARE(runWithStandIn({"draft", m_project}).code, 4);  // nothing but the copy is left …
        QCOMPARE(timesAsked(), 4);                               // … and asked about
        QCOMPARE(run({"check", m_project}).code, 0);
    }

    void whatEndsItTheSameCommandGoesOn()
    {
        import({"Wrong in one way.", "Wrong in a second way.", "Wrong in a third way."});
        const auto killed = runWithStandIn({"draft", m_project}, 1);
        QCOMPARE(killed.code, 6);
        QVERIFY2(killed.err.contains("1 of 3 drafts are written, run the same command to go on"),
                 qPrintable(killed.err));
        QCOMPARE(runWithStandIn({"draft", m_project}).code, 0);
        QCOMPARE(timesAsked(), 3);
        QCOMPARE(run({"list", m_project, "--filter", "drafted"}).out.count('\n'), 3);
        QVERIFY(runWithStandIn({"draft", m_project}).out.startsWith("No response waits for a draft"));
    }

    void aLimitAndAFilterChooseWhatIsAskedAbout()
    {
        import({"Wrong in one way.", "Wrong in a second way.", "Wrong in a third way."});
        QCOMPARE(runWithStandIn({"draft", m_project, "--limit", "2"}).code, 0);
        QCOMPARE(timesAsked(), 2);
        QVERIFY(runWithStandIn({"draft", m_project, "--filter", "bookmarked"}).out.startsWith("No response waits"));
        QCOMPARE(run({"draft", m_project, "--limit", "0"}).code, 2);
        QCOMPARE(run({"draft", m_project, "--filter", "nonsense"}).code, 2);
    }

    void aModelThatJudgesNothingIsLeftAloneAfterTen()
    {
        import(QStringList(30, "It is sunny in the north today."));
        const auto refused = runWithStandIn({"draft", m_project});
        QCOMPARE(refused.code, 4);
        QVERIFY2(refused.err.contains("None of the first 10 answers of"), qPrintable(refused.err));
        QVERIFY(refused.err.contains("10 copied what they were to judge"));
        QVERIFY(run({"list", m_project, "--filter", "drafted"}).out.isEmpty());
    }

    // Only what a person submits trains, and then it tells whose it is.
    void aDraftIsNotTrainedOnAndAReviewedOneTellsItsModel()
    {
        import({"\"sunny\" is wrong.", "\"north\" is wrong."});
        runWithStandIn({"draft", m_project});
        const auto refused = run({"round", m_project});
        QCOMPARE(refused.code, 3);
        QVERIFY2(refused.err.contains("judge some first"), qPrintable(refused.err));
        QCOMPARE(run({"judge", m_project, "r1", "--criticise", "\"sunny\" is wrong."}).code, 0);
        QCOMPARE(run({"judge", m_project, "r2", "--criticise", "\"north\" is wrong, it is the south."}).code, 0);
        const auto lines = run({"export", m_project, "--format", "jsonl"}).out.split('\n', Qt::SkipEmptyParts);
        const auto judge = [&](int line) {
            return Json::parse(lines.at(line).toStdString()).at("provenance").at("judgment");
        };
        QCOMPARE(judge(0).at("kind"), Json("model"));
        QCOMPARE(judge(1).at("kind"), Json("person"));
        QCOMPARE(judge(1).at("model"), judge(0).at("model"));
        QVERIFY(run({"list", m_project, "--filter", "drafted"}).out.isEmpty());
    }
};

QTEST_GUILESS_MAIN(DraftCommandTest)
#include "tst_draft_command.moc"
