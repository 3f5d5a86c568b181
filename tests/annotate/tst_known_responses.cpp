// What a project has already is known when it comes again, in files without ids, too; a second opinion on it is news.
#include "annotate/exchange/import.h"
#include "base/files.h"
#include "tests/annotate/open_project.h"

#include <QtTest>

using namespace stet;
using namespace stet::annotate;
using namespace stet::test;

namespace {

const Remedies kLeaveOutKnown = {{FindingKind::Known, Remedy::LeaveOut}};

}  // namespace

class KnownResponsesTest : public QObject {
    Q_OBJECT

    std::unique_ptr<OpenProject> m_open;

    Project& project() const { return *m_open->project; }

    DataFile file(const std::string& content) const
    {
        const auto path = m_open->dir.filePath(QStringLiteral("in.data")).toStdString();
        publishFile(path, content);
        return openDataFile(path, "auto");
    }

    ImportResult take(const std::string& content, const Remedies& remedies = {}) const
    {
        ImportHooks hooks;
        hooks.remedies = remedies;
        return importFile(project(), file(content), hooks);
    }

    // Of one answer to one question, with `rest` after it: is it known?
    int known(const std::string& rest) const
    {
        return countsOf(
            checkFile(project(), file(R"({"instruction": "a", "output": "b")" + rest)).findings)[FindingKind::Known];
    }

private Q_SLOTS:
    void init() { m_open = std::make_unique<OpenProject>(); }

    void whatHasNoIdIsKnownByItsTexts_data()
    {
        QTest::addColumn<QString>("content");
        QTest::newRow("a table") << QStringLiteral(
            "prompt,response\nName a colour.,Red\nName a fruit.,\"A pear,\nripe\"\n");
        QTest::newRow("Alpaca") << QStringLiteral(R"([{"instruction": "a", "input": "b", "output": "c"}])");
        QTest::newRow("OpenAI") << QStringLiteral(
            R"({"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, )"
            R"({"role": "user", "content": "c"}, {"role": "assistant", "content": "d"}]})");
        QTest::newRow("labelled") << QStringLiteral("{\"prompt\": \"a\", \"completion\": \"b\", \"label\": true}\n"
                                                    "{\"prompt\": \"a\", \"completion\": \"c\", \"label\": false}\n");
        QTest::newRow("pairs") << QStringLiteral(R"({"prompt": "a", "chosen": "b", "rejected": "c"})");
        QTest::newRow("the article's") << QStringLiteral(
            R"([{"instruction": "a", "input": "", "output": "b", "judgment": "Too short."}])");
    }

    void whatHasNoIdIsKnownByItsTexts()
    {
        QFETCH(QString, content);
        const int rows = take(content.toStdString()).responses;
        QVERIFY(rows > 0);
        const auto told = take(content.toStdString());
        QCOMPARE(told.responses, rows);
        QCOMPARE(countsOf(told.findings)[FindingKind::Known], rows);
        const auto again = take(content.toStdString(), kLeaveOutKnown);
        QCOMPARE(again.leftOut, rows);
        QCOMPARE(again.responses, 0);
    }

    void aSecondOpinionIsNoneThatIsKnown()
    {
        take(R"({"instruction": "a", "output": "b", "judgment": "Too short."})");
        QCOMPARE(known(R"(, "judgment": "Too short."})"), 1);
        QCOMPARE(known("}"), 1);  // it brings nothing that is not here
        QCOMPARE(known(R"(, "id": "x", "judgment": "Too short."})"), 1);
        QCOMPARE(known(R"(, "judgment": "Too rude."})"), 0);
        QCOMPARE(known(R"(, "judgment": null})"), 0);
        QCOMPARE(known(R"(, "id": 1, "judgment": "Too rude."})"), 1);  // by its id
        QCOMPARE(known(R"(, "judgment": "Too short.", "revision": "bb"})"), 0);
        QCOMPARE(known(R"(, "demonstration": "c"})"), 0);
        QCOMPARE(known(R"(, "input": "c"})"), 0);
    }

    void whatWasJudgedHereSinceIsStillKnown()
    {
        const std::string rows = "{\"instruction\": \"a\", \"output\": \"b\", \"judgment\": \"Too short.\"}\n"
                                 "{\"instruction\": \"a\", \"output\": \"c\"}\n";
        take(rows);
        project().submit(*project().findExternal("1"), Verdict::Criticised, "Too short, and rude.");
        project().submit(*project().findExternal("2"), Verdict::Accepted, {});
        QCOMPARE(take(rows, kLeaveOutKnown).leftOut, 2);
    }

    void anotherBetterAnswerIsNewsToo()
    {
        take(R"({"prompt": "a", "chosen": "b", "rejected": "c"})");
        const auto counted = [&](const std::string& content) {
            return countsOf(checkFile(project(), file(content)).findings)[FindingKind::Known];
        };
        QCOMPARE(counted(R"({"prompt": "a", "chosen": "b", "rejected": "c"})"), 1);
        QCOMPARE(counted(R"({"prompt": "a", "chosen": "d", "rejected": "c"})"), 0);
        QCOMPARE(counted(R"({"prompt": "a", "chosen": "b", "rejected": "d"})"), 0);
    }

    void whatWasMendedComesInOnce()
    {
        const std::string rows = "{\"instruction\": \"a\", \"output\": \"b\", \"judgment\": \"Perfect answer.\"}\n"
                                 "{\"instruction\": \"b\", \"output\": \"b\", \"judgment\": \"\"}\n";
        const Remedies remedies = {{FindingKind::Praise, Remedy::Accept},
                                   {FindingKind::EmptyJudgment, Remedy::ToDo},
                                   {FindingKind::Known, Remedy::LeaveOut}};
        QCOMPARE(take(rows, remedies).responses, 2);
        QCOMPARE(take(rows, remedies).leftOut, 2);
    }

    void anIdThatAFileGivesTwiceHidesNoRowThatIsKnown()
    {
        take(R"({"instruction": "a", "output": "b"})");
        const std::string rows = "{\"id\": 5, \"instruction\": \"a\", \"output\": \"c\"}\n"
                                 "{\"id\": 5, \"instruction\": \"a\", \"output\": \"b\"}\n";
        auto counts = countsOf(checkFile(project(), file(rows)).findings);
        QCOMPARE(counts[FindingKind::Known], 1);
        QCOMPARE(counts[FindingKind::SameId], 1);
        QCOMPARE(take(rows, kLeaveOutKnown).leftOut, 1);
    }

    // More rows than one transaction takes: none is known because it came in a moment ago.
    void aFileDoesNotKnowItself()
    {
        std::string rows;
        for (int i = 0; i < 500; ++i) {
            rows += "{\"instruction\": \"a\", \"output\": \"" + std::to_string(i % 250) + "\"}\n";
        }
        const auto counts = countsOf(take(rows).findings);
        QCOMPARE(counts.at(FindingKind::SameTexts), 250);
        QCOMPARE(counts.count(FindingKind::Known), std::size_t{0});
    }
};

QTEST_APPLESS_MAIN(KnownResponsesTest)
#include "tst_known_responses.moc"
