// Instructions without a response: how they come in, which sets they are in, what is held out of first data, and which
// of them still wait for a response.
#include "annotate/exchange/export.h"
#include "annotate/exchange/import.h"
#include "annotate/store/recovery.h"
#include "base/files.h"
#include "base/json.h"
#include "tests/annotate/open_project.h"
#include "tests/support/failures.h"

#include <QtTest>

#include <algorithm>
#include <set>

using namespace stet;
using namespace stet::annotate;
using namespace stet::test;

class InstructionsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<OpenProject> m_open;

    Project& project() const { return *m_open->project; }
    std::string file(const char* name, const std::string& content) const
    {
        const std::string path = m_open->dir.filePath(QString::fromLatin1(name)).toStdString();
        publishFile(path, content);
        return path;
    }
    static std::string asked(int count, const char* rest = "")
    {
        std::string lines;
        for (int i = 0; i < count; ++i) {
            lines += "{\"id\": " + std::to_string(i) + ", \"instruction\": \"Say " + std::to_string(i) + ".\"" + rest +
                "}\n";
        }
        return lines;
    }
    ImportResult take(const std::string& path, const std::string& set = {}, const std::string& format = "auto") const
    {
        ImportHooks hooks;
        hooks.set = set;
        return importFile(project(), path, format, hooks);
    }
    std::vector<std::string> texts(const char* set) const
    {
        std::vector<std::string> list;
        for (const auto& one : project().instructions(set)) {
            list.push_back(one.instruction);
        }
        return list;
    }
    InstructionSet set(const std::string& name) const
    {
        const auto sets = project().instructionSets();
        const auto found = std::find_if(sets.begin(), sets.end(), [&](const auto& one) { return one.name == name; });
        return found == sets.end() ? InstructionSet{} : *found;
    }

private Q_SLOTS:
    void init() { m_open = std::make_unique<OpenProject>(); }

    void rowsWithoutAnOutputWaitForOneAndTheOthersAreResponses()
    {
        const auto result = take(file("mixed.jsonl",
                                      "{\"id\": \"a\", \"instruction\": \"Say a.\"}\n"
                                      "{\"id\": \"b\", \"instruction\": \"Say b.\", \"output\": \"b\"}\n"
                                      "{\"instruction\": \"Say this.\", \"input\": \"c\", \"output\": null}\n"
                                      "{\"messages\": [{\"role\": \"user\", \"content\": \"Say d.\"}]}\n"));
        QCOMPARE(result.responses, 1);
        QCOMPARE(result.open, 1);
        QCOMPARE(result.instructions, 3);
        const auto waiting = project().instructions(kWaitingSet);
        QCOMPARE(waiting.size(), std::size_t(3));
        QCOMPARE(waiting[0].externalId, std::string("\"a\""));
        QCOMPARE(waiting[1].input, std::string("c"));
        QCOMPARE(waiting[2].instruction, std::string("Say d."));
        QVERIFY(!waiting[2].messages.empty());
    }

    void aListAndPlainLinesHoldInstructionsToo()
    {
        QCOMPARE(take(file("list.json", "[{\"instruction\": \"Say a.\"}]")).instructions, 1);
        QCOMPARE(take(file("lines.txt",
                           "\xEF\xBB\xBF"
                           "Say b.\r\n\r\n  Say c.  \n"))
                     .instructions,
                 2);
        QCOMPARE(take(file("lines", "Say d.\n"), {}, "lines").instructions, 1);
        QCOMPARE(texts(kWaitingSet), (std::vector<std::string>{"Say a.", "Say b.", "Say c.", "Say d."}));
    }

    void aTextThatIsNotUtf8IsRefusedByItsLine()
    {
        const auto path = file("lines.txt", "Say a.\n\xFF\xFE\n");
        const auto message = messageOf([&] { take(path); });
        QVERIFY2(message.find("lines.txt, line 2: it is not UTF-8") != std::string::npos, message.c_str());
        QVERIFY(!project().hasInstructions());
    }

    // A table or a list with another name for the output would else come in as questions, silently.
    void aRowThatHasAnAnswerUnderAnotherNameIsRefused()
    {
        const auto path = file("rows.jsonl", "{\"instruction\": \"Say a.\", \"response\": \"a\"}\n");
        const auto message = messageOf([&] { take(path); });
        QVERIFY2(message.find("rename them to 'instruction' and 'output'") != std::string::npos, message.c_str());
        const auto judged = file("judged.jsonl", "{\"instruction\": \"Say a.\", \"judgment\": null}\n");
        QVERIFY(messageOf([&] { take(judged); }).find("'output' is missing") != std::string::npos);
    }

    void anEmptyInstructionIsLeftOutAndSaid()
    {
        const auto result = take(file("a.jsonl", "{\"instruction\": \" \"}\n{\"instruction\": \"Say a.\"}\n"));
        QCOMPARE(result.instructions, 1);
        QCOMPARE(result.findings.size(), std::size_t(1));
        QVERIFY(result.findings.front().problem.find("is empty") != std::string::npos);
    }

    void theSameInstructionComesInOnce()
    {
        take(file("a.jsonl", asked(3)));
        const auto again = take(file("b.jsonl", asked(5)));
        QCOMPARE(again.instructions, 2);
        QCOMPARE(again.known, 3);
        std::set<std::string> ids;
        for (const auto& one : project().instructions(kWaitingSet)) {
            ids.insert(one.externalId);
        }
        QCOMPARE(ids.size(), std::size_t(5));  // also of two with the same id
    }

    void aCancelledImportLeavesNoInstruction()
    {
        ImportHooks hooks;
        hooks.cancelled = [] { return true; };
        const auto path = file("many.jsonl", asked(500));
        messageOf([&] { importFile(project(), path, "auto", hooks); });
        QVERIFY(!project().hasInstructions());
        QCOMPARE(set(kWaitingSet).count, 0);
    }

    void aTenthOfFirstDataIsHeldOut_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("heldOut");
        QTest::newRow("too few to spare any") << 39 << 0;
        QTest::newRow("at least twenty") << 40 << 20;
        QTest::newRow("a tenth") << 1000 << 100;
        QTest::newRow("at most two hundred") << 2500 << 200;
    }

    void aTenthOfFirstDataIsHeldOut()
    {
        QFETCH(int, rows);
        QFETCH(int, heldOut);
        const auto result = take(file("many.jsonl", asked(rows)));
        QCOMPARE(result.heldOut, heldOut);
        QCOMPARE(set(kHeldOutSet).count, heldOut);
        QCOMPARE(set(kWaitingSet).count, rows - heldOut);
    }

    void laterDataAndDataForASetKeepAll()
    {
        QCOMPARE(take(file("few.jsonl", asked(1))).heldOut, 0);
        QCOMPARE(take(file("many.jsonl", asked(100))).heldOut, 0);
        m_open = std::make_unique<OpenProject>();
        QCOMPARE(take(file("many.jsonl", asked(100)), "mine").heldOut, 0);
        QCOMPARE(set("mine").count, 100);
    }

    void whatIsHeldOutIsNeverTrainedOn()
    {
        const auto result = take(file("judged.jsonl", asked(100, ", \"output\": \"x\", \"judgment\": \"Wrong.\"")));
        QCOMPARE(result.heldOut, 20);
        QCOMPARE(project().counts().criticised, 100);  // they are all there
        const std::string folder = m_open->dir.path().toStdString();
        project().writeInput(folder, "stable", 0);
        std::set<std::string> trained;
        std::size_t lines = 0;
        const std::string examples = readFile(folder + "/examples.jsonl", 1U << 20U);
        for (const auto& line : QByteArray::fromStdString(examples).split('\n')) {
            if (!line.isEmpty()) {
                trained.insert(Json::parse(line.toStdString()).at("instruction").get<std::string>());
                ++lines;
            }
        }
        QCOMPARE(lines, std::size_t(80));
        QCOMPARE(project().judgedHeldOut(), 20);
        for (const auto& one : texts(kHeldOutSet)) {
            QVERIFY2(trained.count(one) == 0, one.c_str());
        }
        QCOMPARE(project().criticised().size(), std::size_t(80));  // others' judgments are the round's
    }

    // Choosing is no lottery: the same file holds out the same instructions.
    void theSameDataHoldOutTheSame()
    {
        const std::string many = asked(200);
        take(file("many.jsonl", many));
        const auto first = texts(kHeldOutSet);
        m_open = std::make_unique<OpenProject>();
        take(file("other.jsonl", many));
        QCOMPARE(texts(kHeldOutSet), first);
    }

    void anInstructionMovesBetweenItsSets()
    {
        take(file("few.jsonl", asked(3)));
        const auto rows = project().instructionRows(kWaitingSet, "say 1", 0, 10);
        QCOMPARE(rows.size(), std::size_t(1));
        project().moveInstructions({rows.front().id}, kHeldOutSet);
        QCOMPARE(texts(kHeldOutSet), std::vector<std::string>{"Say 1."});
        QCOMPARE(texts(kWaitingSet), (std::vector<std::string>{"Say 0.", "Say 2."}));
        QCOMPARE(take(file("again.jsonl", asked(3))).instructions, 0);  // it stays held out
        project().removeInstructions({project().instructionRows(kHeldOutSet, "", 0, 1).front().id});
        QVERIFY(texts(kHeldOutSet).empty());
    }

    // All or nothing: until a file is in, what it would hold out waits as before.
    void aFileOfHeldOutInstructionsThatIsCancelledChangesNothing()
    {
        take(file("few.jsonl", asked(3)));
        ImportHooks hooks;
        hooks.set = kHeldOutSet;
        hooks.cancelled = [] { return true; };
        const auto path = file("many.jsonl", asked(500));
        messageOf([&] { importFile(project(), path, "auto", hooks); });
        QCOMPARE(set(kWaitingSet).count, 3);
        take(path, kHeldOutSet);
        QCOMPARE(set(kWaitingSet).count, 0);
        QCOMPARE(set(kHeldOutSet).count, 500);
    }

    void theControlSetNeedsItsAnswers()
    {
        const auto path = file("control.jsonl", asked(2));
        QVERIFY(messageOf([&] { take(path, kControlSet); }).find("control set") != std::string::npos);
        QCOMPARE(take(file("with.jsonl", asked(2, ", \"output\": \"x\"")), kControlSet).instructions, 2);
        QCOMPARE(project().instructions(kControlSet).front().output, std::string("x"));
    }

    void instructionsSurviveADamagedProject()
    {
        take(file("few.jsonl", "{\"messages\": [{\"role\": \"user\", \"content\": \"Say d.\"}]}\n"));
        m_open->project.reset();
        const auto left = readWhatIsLeft(m_open->folder);
        QCOMPARE(left.instructions.at(kWaitingSet).size(), std::size_t(1));
        QVERIFY(!left.instructions.at(kWaitingSet).front().messages.empty());
    }

    void aFormatThatIsOnlyReadIsNotExported()
    {
        const auto message = messageOf([&] { exportFile(project(), "-", "lines", QueueFilter::All); });
        QVERIFY2(message.find("only read") != std::string::npos, message.c_str());
    }
};

QTEST_APPLESS_MAIN(InstructionsTest)
#include "tst_instructions.moc"
