// Drafted judgments: which responses are asked about and how, what becomes of the answers, and how they travel.
#include "annotate/exchange/export.h"
#include "annotate/exchange/import.h"
#include "base/files.h"
#include "tests/annotate/open_project.h"
#include "tests/support/failures.h"
#include "workflow/drafting.h"

#include <QtTest>

using namespace stet;
using namespace stet::annotate;
using namespace stet::test;
using workflow::DraftTaken;
using Kind = DraftReading::Kind;

class DraftingTest : public QObject {
    Q_OBJECT

    std::unique_ptr<OpenProject> m_open;

    Project& project() const { return *m_open->project; }

    static contract::GeneratedLine line(ResponseId id, const std::string& output,
                                        contract::Stopped stopped = contract::Stopped::Eos)
    {
        return {Json(id.value), output, 1, stopped};
    }

private Q_SLOTS:
    void init() { m_open = std::make_unique<OpenProject>(); }

    void whatWaitsIsAskedAboutUpToTheLimit()
    {
        const auto first = m_open->add("a", "b");
        m_open->add("c", "d", Verdict::Accepted);
        const auto second = m_open->add("e", "f");
        auto drafting = workflow::planDrafting(project(), {});
        QCOMPARE(drafting.responses, (std::vector{first, second}));
        QCOMPARE(drafting.model, std::string("/models/one"));
        QCOMPARE(drafting.author, (Author{AuthorKind::Model, {}, "/models/one", 0}));
        QCOMPARE(drafting.adapter, std::string());
        drafting = workflow::planDrafting(project(), {"/models/two", QueueFilter::All, 1});
        QCOMPARE(drafting.responses, std::vector{first});
        QCOMPARE(drafting.author, (Author{AuthorKind::Model, {}, "/models/two", std::nullopt}));
        QVERIFY(!messageOf([&] { workflow::planDrafting(project(), {{}, QueueFilter::All, 0}); }).empty());
    }

    // Braces in the texts are text.
    void theQuestionHoldsInstructionAndResponse()
    {
        const auto id = m_open->add("Say {output} in a word.", "A {instruction} word.");
        const auto question = workflow::draftQuestion(project(), id);
        QCOMPARE(contract::idOf(question), Json(id.value));
        const QString text = QString::fromStdString(question.instruction);
        QVERIFY2(text.contains(QStringLiteral("Somebody was told:\n\nSay {output} in a word.\n")), qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral("\nA {instruction} word.\n")), qPrintable(text));
        QVERIFY(text.contains(QStringLiteral("Nothing is wrong.")));
        QVERIFY(!question.output);
    }

    void aJudgmentIsStoredAndWhatIsNoneIsNot()
    {
        const auto good = m_open->add("a", "It is sunny today.");
        const auto copied = m_open->add("b", "It is sunny today.");
        const auto right = m_open->add("c", "It is sunny today.");
        const auto cut = m_open->add("d", "It is sunny today.");
        const auto drafting = workflow::planDrafting(project(), {});
        workflow::DraftTally tally;
        const auto take = [&](const contract::GeneratedLine& answer) {
            const auto taken = workflow::takeDraft(project(), drafting, answer);
            tally.add(taken);
            return taken;
        };
        QVERIFY(take(line(good, "\"sunny\" is wrong: it rained.")).stored);
        QCOMPARE(project().item(good)->hint, std::string("\"sunny\" is wrong: it rained."));
        QCOMPARE(project().item(good)->hintedBy, drafting.author);
        QVERIFY(!take(line(copied, "It is sunny today.")).stored);
        QVERIFY(isNobody(project().item(copied)->hintedBy));
        QVERIFY(take(line(right, "Nothing is wrong.")).stored);
        QVERIFY(isDrafted(*project().item(right)));
        QCOMPARE(project().item(right)->hint, std::string());
        QCOMPARE(take(line(cut, "It is wrong becau", contract::Stopped::Length)).kind, Kind::Unfinished);
        QVERIFY(!take(line({9999}, "No.")).stored);  // none of its responses
        QVERIFY(!take(line(good, "Again.")).stored);
        QCOMPARE(tally.asked, 6);
        QCOMPARE(tally.drafted, 2);
        QCOMPARE(tally.copies, 1);
        QCOMPARE(tally.unfinished, 1);
        // Those that came to nothing are asked about again, the others are not.
        QCOMPARE(workflow::planDrafting(project(), {}).responses, (std::vector{copied, cut}));
    }

    void aModelThatGivesNoJudgmentIsKnownAfterTen()
    {
        workflow::DraftTally tally;
        for (int i = 0; i < 9; ++i) {
            tally.add({{1}, Kind::Copy, false});
        }
        QVERIFY(!tally.isHopeless());
        auto other = tally;
        tally.add({{1}, Kind::Empty, false});
        QVERIFY(tally.isHopeless());
        other.add({{1}, Kind::Criticism, true});
        QVERIFY(!other.isHopeless());
    }

    void draftsTravelWithTheirAuthorAndStayDrafts()
    {
        const auto good = m_open->add("a", "It is sunny today.");
        const auto right = m_open->add("c", "It is sunny today.");
        const auto drafting = workflow::planDrafting(project(), {});
        workflow::takeDraft(project(), drafting, line(good, "It rained."));
        workflow::takeDraft(project(), drafting, line(right, "Nothing is wrong."));
        const std::string file = m_open->dir.filePath(QStringLiteral("out.jsonl")).toStdString();
        exportFile(project(), file, "jsonl", QueueFilter::All);
        OpenProject other;
        importFile(*other.project, file, "jsonl");
        QCOMPARE(other.project->counts().drafted, 2);
        QCOMPARE(other.project->counts().open, 2);
        const auto ids = other.project->ids(QueueFilter::Drafted);
        QCOMPARE(other.project->item(ids[0])->hint, std::string("It rained."));
        QCOMPARE(other.project->item(ids[0])->hintedBy, drafting.author);
        QCOMPARE(other.project->item(ids[1])->hint, std::string());
        const std::string again = m_open->dir.filePath(QStringLiteral("again.jsonl")).toStdString();
        exportFile(*other.project, again, "jsonl", QueueFilter::All);
        QCOMPARE(readFile(again, 1U << 20U), readFile(file, 1U << 20U));
    }
};

QTEST_APPLESS_MAIN(DraftingTest)
#include "tst_drafting.moc"
