// What the check of an import finds and what is done about it: told beforehand, each kind with its remedies, and an
// import taken back as if it had never come.
#include "annotate/exchange/import.h"
#include "annotate/exchange/undo_import.h"
#include "base/files.h"
#include "base/json.h"
#include "tests/annotate/open_project.h"
#include "tests/support/failures.h"
#include "tests/support/paths.h"

#include <QtTest>

#include <filesystem>

using namespace stet;
using namespace stet::annotate;
using namespace stet::test;

class ImportRemediesTest : public QObject {
    Q_OBJECT

    std::unique_ptr<OpenProject> m_open;

    std::string file(const std::string& content) const
    {
        const auto path = m_open->dir.filePath(QStringLiteral("in.jsonl")).toStdString();
        publishFile(path, content);
        return path;
    }

    Project& project() const { return *m_open->project; }

    ImportResult take(const std::string& content, const Remedies& remedies = {}) const
    {
        ImportHooks hooks;
        hooks.remedies = remedies;
        return importFile(project(), file(content), "auto", hooks);
    }

    // A line of a file; judgment: as JSON text, empty for none.
    static std::string row(int id, const std::string& judgment, const std::string& output = "o",
                           const std::string& instruction = {})
    {
        Json line = {{"id", id}, {"instruction", instruction.empty() ? "i" + std::to_string(id) : instruction}};
        if (!output.empty()) {
            line["output"] = output;
        }
        if (!judgment.empty()) {
            line["judgment"] = Json::parse(judgment);
        }
        return toLine(line) + "\n";
    }

    ResponseItem item(const char* id) const { return *project().item(*project().findExternal(id)); }

private Q_SLOTS:
    void init() { m_open = std::make_unique<OpenProject>(); }

    void aCheckTellsEverythingAndStoresNothing()
    {
        take(row(9, "null"));
        const auto result = checkFile(project(),
                                      openDataFile(file(row(1, "\"$ERROR$\"") + row(2, "\"Perfect answer.\"") +
                                                        row(2, "null") + row(9, "null") + row(4, "", "")),
                                                   "auto"));
        const auto counts = countsOf(result.findings);
        QCOMPARE(counts.at(FindingKind::Placeholder), 1);
        QCOMPARE(counts.at(FindingKind::Praise), 1);
        QCOMPARE(counts.at(FindingKind::SameId), 1);
        QCOMPARE(counts.at(FindingKind::SameTexts), 1);
        QCOMPARE(counts.at(FindingKind::Known), 1);
        QCOMPARE(result.responses, 4);
        QCOMPARE(result.instructions, 1);
        QCOMPARE(result.batch, 0);
        QCOMPARE(project().counts().total, 1);
        QVERIFY(!project().hasInstructions());
        QCOMPARE(project().batches().size(), std::size_t{1});
    }

    void eachKindGetsItsRemedyAndTheRestIsTold()
    {
        const auto result =
            take(row(1, "\"$ERROR$\"") + row(2, "\"Perfect answer.\"") + row(3, "\"\"") + row(4, "\"Too short.\""),
                 {{FindingKind::Placeholder, Remedy::LeaveOut},
                  {FindingKind::Praise, Remedy::Accept},
                  {FindingKind::EmptyJudgment, Remedy::ToDo}});
        QCOMPARE(result.leftOut, 1);
        QCOMPARE(result.responses, 3);
        QCOMPARE(result.accepted, 1);
        QCOMPARE(result.criticised, 1);
        QCOMPARE(result.open, 1);
        QVERIFY(result.findings.empty());
        QVERIFY(!project().findExternal("1"));
        QCOMPARE(item("2").verdict, Verdict::Accepted);
        QCOMPARE(item("3").verdict, Verdict::Open);
    }

    void whatIsLeftOutMakesNoLaterRowTheSame()
    {
        const auto result = take(row(1, "\"n/a\"") + row(1, "\"Too short.\""),
                                 {{FindingKind::Placeholder, Remedy::LeaveOut},
                                  {FindingKind::SameTexts, Remedy::LeaveOut},
                                  {FindingKind::SameId, Remedy::LeaveOut}});
        QCOMPARE(result.leftOut, 1);
        QCOMPARE(item("1").judgment, std::string("Too short."));
    }

    void whatIsThereAlreadyIsSkippedAndOthersIdsGetNewOnes()
    {
        const std::string rows = row(1, "\"Too short.\"") + row(2, "null");
        take(rows);
        const auto again = take(rows + row(3, "null"), {{FindingKind::Known, Remedy::LeaveOut}});
        QCOMPARE(again.leftOut, 2);
        QCOMPARE(again.responses, 1);
        take(row(1, "null", "another"), {{FindingKind::OthersId, Remedy::NewId}});
        QCOMPARE(item("4").output, std::string("another"));
        QCOMPARE(project().countExternal("1"), 1);
    }

    void wordsOfTheCommandLineAreChecked()
    {
        Remedies remedies;
        addRemedy(remedies, "placeholder,known", Remedy::LeaveOut);
        addRemedy(remedies, "praise", Remedy::Accept);
        addRemedy(remedies, "", Remedy::ToDo);
        QCOMPARE(remedies.size(), std::size_t{3});
        const auto said = [&](const char* kinds, Remedy remedy) {
            return QString::fromStdString(messageOf([&] { addRemedy(remedies, kinds, remedy); }));
        };
        QVERIFY(said("placeholders", Remedy::LeaveOut).contains(QStringLiteral("kinds are unfit, empty-instruction")));
        QVERIFY(said("placeholder", Remedy::Accept).contains(QStringLiteral("can be done: leave-out, to-do")));
        QVERIFY(said("praise", Remedy::LeaveOut).contains(QStringLiteral("both --accept and --leave-out")));
    }

    void theRealPlaceholdersAreLeftOut()
    {
        if (sharedData().empty()) {
            QSKIP("../shared/data is absent");
        }
        ImportHooks hooks;
        hooks.remedies = {{FindingKind::Placeholder, Remedy::LeaveOut}};
        const std::string source = sharedData() + "/judgments/cut-online-iter1.json";
        const auto result = importFile(project(), source, "auto", hooks);
        QCOMPARE(result.leftOut, 47);
        QCOMPARE(result.criticised, 240);
        hooks.remedies = {{FindingKind::Known, Remedy::LeaveOut}};
        const auto again = importFile(project(), source, "auto", hooks);
        QCOMPARE(again.responses, 47);
        QCOMPARE(again.leftOut, 953);
    }

    // --- taking it back
    void anImportIsTakenBackAsIfItHadNeverCome()
    {
        take(row(1, "null"));
        const auto second = take(row(2, "\"Too short.\"") + row(5, "", ""));
        const UndoneImport undone = undoImport(project(), second.batch);
        QCOMPARE(undone.responses, 1);
        QCOMPARE(undone.instructions, 1);
        QCOMPARE(undone.kept, 0);
        QVERIFY(std::filesystem::exists(undone.backup));
        QVERIFY(!project().findExternal("2"));
        QVERIFY(!project().hasInstructions());
        QCOMPARE(project().counts().total, 1);
        QVERIFY(project().check().empty());
        // And it comes again as the first time.
        QCOMPARE(take(row(2, "\"Too short.\"")).findings.size(), std::size_t{0});
    }

    void whatWasJudgedSinceStays()
    {
        const auto result = take(row(1, "null") + row(2, "", "b") + row(3, "", "d"));
        project().submit(*project().findExternal("2"), Verdict::Criticised, "My words.");
        project().saveDraft(*project().findExternal("3"), "Half a sen");
        const UndoneImport undone = undoImport(project(), result.batch);
        QCOMPARE(undone.responses, 1);
        QCOMPARE(undone.kept, 2);
        QVERIFY(!project().findExternal("1"));
        QCOMPARE(item("2").judgment, std::string("My words."));
        QCOMPARE(item("3").draft, std::optional<std::string>("Half a sen"));
        QVERIFY(project().undo());  // what was done to it can still be undone
        m_open->reopen();
        QCOMPARE(project().counts().total, 2);
        QCOMPARE(project().batches().front().responses, 2);
    }

    void whatARoundWasTrainedOnIsNotTakenBack()
    {
        const auto result = take(row(1, "\"Too short.\"") + row(2, "null"));
        const int number = project().addRound(0, "stable");
        project().writeRoundInput(number);
        const auto said = messageOf([&] { (void)undoImport(project(), result.batch); });
        QVERIFY2(said.find("Round 1 was trained on 2 responses of this import") != std::string::npos, said.c_str());
        QCOMPARE(project().counts().total, 2);
        auto round = project().round(number);
        round.state = RoundState::Discarded;
        project().updateRound(round);
        QCOMPARE(undoImport(project(), result.batch).responses, 2);
    }

    void whatIsNoImportIsRefused()
    {
        const auto said = messageOf([&] { (void)undoImport(project(), 7); });
        QVERIFY2(said.find("no import 7") != std::string::npos, said.c_str());
    }
};

QTEST_APPLESS_MAIN(ImportRemediesTest)
#include "tst_import_remedies.moc"
