// What the annotator does: drafts, deeds that are undone and redone, the trash, and the queue that is searched and
// paged.
#include "tests/annotate/open_project.h"

#include <QtTest>

using namespace stet;
using namespace stet::annotate;
using namespace stet::test;

class JudgingTest : public QObject {
    Q_OBJECT

    using Text = std::optional<std::string>;

    const Author kModel = {AuthorKind::Model, {}, "/models/small", 0};

    std::unique_ptr<OpenProject> m_open;

    Project& project() const { return *m_open->project; }

private Q_SLOTS:
    void init() { m_open = std::make_unique<OpenProject>(); }

    void aDraftStaysUntilItEqualsWhatWasSubmitted()
    {
        const auto id = m_open->add("a", "b");
        project().submit(id, Verdict::Criticised, "one");
        project().saveDraft(id, "one and more");
        m_open->reopen();
        QCOMPARE(project().item(id)->draft, std::optional<std::string>("one and more"));
        QCOMPARE(project().item(id)->judgment, std::string("one"));
        QCOMPARE(project().counts().draft, 1);
        project().saveDraft(id, "one");
        QVERIFY(!project().item(id)->draft);
    }

    void everyDeedIsUndoneAndRedoneAlsoAfterReopening()
    {
        const auto id = m_open->add("a", "b");
        project().submit(id, Verdict::Criticised, "first");
        project().submit(id, Verdict::Criticised, "second");
        project().setTrashed(id, true);
        m_open->reopen();
        QCOMPARE(project().undo(), std::optional(id));
        QCOMPARE(project().counts().trash, 0);
        QCOMPARE(project().undo(), std::optional(id));
        QCOMPARE(project().item(id)->judgment, std::string("first"));
        QCOMPARE(project().undo(), std::optional(id));
        QCOMPARE(project().item(id)->verdict, Verdict::Open);
        QVERIFY(!project().undo());
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(project().redo(), std::optional(id));
        }
        QVERIFY(!project().redo());
        QCOMPARE(project().item(id)->judgment, std::string("second"));
        QCOMPARE(project().counts().trash, 1);
        // A new deed ends what could be redone.
        project().undo();
        project().setBookmarked(id, true);
        QVERIFY(!project().redo());
    }

    void aCorrectionIsStoredWithTheVerdictAndWhoWroteIt()
    {
        const auto id = m_open->add("a", "It is sunny.");
        project().submit(id, Verdict::Criticised, "No.", "It is rainy.");
        m_open->reopen();
        QCOMPARE(project().item(id)->revision, Text("It is rainy."));
        QCOMPARE(project().item(id)->revisedBy, ownPerson());
        project().submit(id, Verdict::Criticised, "No, no.");  // nothing is said of the correction
        QCOMPARE(project().item(id)->revision, Text("It is rainy."));
        project().submit(id, Verdict::Criticised, "No, no.", "");
        QVERIFY(!project().item(id)->revision);
        QVERIFY(project().check().empty());
    }

    void aCorrectionThatChangesNothingIsNone()
    {
        const auto id = m_open->add("a", "It is sunny.");
        project().submit(id, Verdict::Criticised, "No.", "It is sunny.");
        QVERIFY(!project().item(id)->revision);
        project().saveRevisionDraft(id, "It is sunny.");
        QVERIFY(!project().item(id)->revisionDraft);
    }

    void whatIsTypedOfACorrectionIsKeptUntilItIsSubmitted()
    {
        const auto id = m_open->add("a", "It is sunny.");
        project().saveRevisionDraft(id, "It is rai");
        m_open->reopen();
        QCOMPARE(project().item(id)->revisionDraft, Text("It is rai"));
        QVERIFY(!project().item(id)->revision);
        QCOMPARE(project().counts().draft, 1);
        QVERIFY(project().summary(id).hasDraft);
        QCOMPARE(project().page(QueueFilter::Draft, {}, {0}, 10).rows.size(), std::size_t(1));
        project().submit(id, Verdict::Accepted, {});  // typed and not used
        QCOMPARE(project().item(id)->revisionDraft, Text("It is rai"));
        project().submit(id, Verdict::Criticised, "No.", "It is rainy.");
        QVERIFY(!project().item(id)->revisionDraft);
        project().saveRevisionDraft(id, "");  // about to be taken away
        QCOMPARE(project().item(id)->revisionDraft, Text(""));
        project().saveRevisionDraft(id, "It is rainy.");
        QVERIFY(!project().item(id)->revisionDraft);
        QCOMPARE(project().counts().draft, 0);
    }

    void aCorrectionIsUndoneWithItsVerdict()
    {
        const auto id = m_open->add("a", "It is sunny.");
        project().submit(id, Verdict::Criticised, "one", "first");
        project().saveRevisionDraft(id, "first and more");
        project().submit(id, Verdict::Criticised, "two", "second");
        m_open->reopen();
        project().undo();
        QCOMPARE(project().item(id)->revision, Text("first"));
        QCOMPARE(project().item(id)->revisionDraft, Text("first and more"));
        project().undo();
        QVERIFY(!project().item(id)->revision);
        QCOMPARE(project().item(id)->verdict, Verdict::Open);
        project().redo();
        project().redo();
        QCOMPARE(project().item(id)->revision, Text("second"));
        QVERIFY(!project().item(id)->revisionDraft);
        QVERIFY(project().check().empty());
    }

    // Somebody else's stays somebody else's until it is changed.
    void anotherPersonsCorrectionKeepsItsAuthor()
    {
        NewResponse response;
        response.externalId = "1";
        response.instruction = "i";
        response.output = "o";
        response.revision = "better";
        response.revisedBy = program("reviser");
        const auto batch = project().beginBatch("b");
        project().addResponses(batch, {response});
        project().publishBatch(batch);
        const auto id = *project().findExternal("1");
        project().submit(id, Verdict::Criticised, "No.", "better");
        QCOMPARE(project().item(id)->revisedBy, program("reviser"));
        project().submit(id, Verdict::Criticised, "No.", "best");
        QCOMPARE(project().item(id)->revisedBy, ownPerson());
        project().undo();
        QCOMPARE(project().item(id)->revisedBy, program("reviser"));
    }

    void aDraftedJudgmentWaitsAndNothingLearnsFromIt()
    {
        const auto id = m_open->add("a", "It is sunny.");
        QCOMPARE(project().undrafted(QueueFilter::All, {0}, 10), std::vector<ResponseId>{id});
        QVERIFY(project().addDraftedJudgment(id, "No.", kModel));
        QVERIFY(!project().addDraftedJudgment(id, "Again.", kModel));
        m_open->reopen();
        QCOMPARE(project().item(id)->hint, std::string("No."));
        QCOMPARE(project().item(id)->hintedBy, kModel);
        QCOMPARE(project().item(id)->verdict, Verdict::Open);
        QCOMPARE(project().counts().drafted, 1);
        QCOMPARE(project().counts().draft, 0);
        QCOMPARE(project().ids(QueueFilter::Drafted), std::vector<ResponseId>{id});
        QVERIFY(project().undrafted(QueueFilter::All, {0}, 10).empty());
        QVERIFY(!project().hasSomethingToTrain());
        QVERIFY(project().toLearnFrom(QueueFilter::Criticised, {0}, 10).empty());
    }

    void aReviewedDraftTellsItsModel()
    {
        const auto taken = m_open->add("a", "It is sunny.");
        const auto edited = m_open->add("b", "It is sunny.");
        for (const auto id : {taken, edited}) {
            project().addDraftedJudgment(id, "It rains.", kModel);
        }
        project().submit(taken, Verdict::Criticised, "It rains.");
        project().submit(edited, Verdict::Criticised, "It rains, and storms.");
        QCOMPARE(project().item(taken)->judgedBy, kModel);
        QCOMPARE(project().item(edited)->judgedBy, (Author{AuthorKind::Person, {}, kModel.model, kModel.round}));
        QCOMPARE(project().progress().judged, 2);  // both were judged here
        QCOMPARE(project().counts().drafted, 0);
        project().undo();
        QCOMPARE(project().counts().drafted, 1);  // it waits again
        QCOMPARE(project().progress().judged, 1);
    }

    void aDroppedDraftStaysDroppedUntilThatIsUndone()
    {
        const auto id = m_open->add("a", "It is sunny.");
        project().addDraftedJudgment(id, "No.", kModel);
        project().dropSuggestion(id);
        m_open->reopen();
        QCOMPARE(project().item(id)->hint, std::string());
        QCOMPARE(project().counts().drafted, 0);
        QVERIFY(project().undrafted(QueueFilter::All, {0}, 10).empty());
        QVERIFY(!project().addDraftedJudgment(id, "Again.", kModel));
        project().undo();
        QCOMPARE(project().item(id)->hintedBy, kModel);
        project().redo();
        QCOMPARE(project().counts().drafted, 0);
    }

    // What is judged, has a suggestion of the file's, or no response, is not drafted.
    void onlyWhatWaitsIsDrafted()
    {
        m_open->add("a", "b", Verdict::Accepted);
        NewResponse hinted;
        hinted.externalId = "\"h\"";
        hinted.instruction = "c";
        hinted.output = "d";
        hinted.hint = "Say less.";
        NewResponse demonstrated;
        demonstrated.externalId = "\"d\"";
        demonstrated.instruction = "e";
        demonstrated.hasOutput = false;
        demonstrated.demonstration = "f";
        const auto batch = project().beginBatch("b");
        project().addResponses(batch, {hinted, demonstrated});
        project().publishBatch(batch);
        QVERIFY(project().undrafted(QueueFilter::All, {0}, 10).empty());
        const auto id = m_open->add("g", "h");
        QCOMPARE(project().undrafted(QueueFilter::Open, {0}, 10), std::vector<ResponseId>{id});
        QVERIFY(project().undrafted(QueueFilter::Bookmarked, {0}, 10).empty());
    }

    void theTrashIsATombstone()
    {
        const auto id = m_open->add("a", "b", Verdict::Accepted);
        project().setTrashed(id, true);
        QCOMPARE(project().counts().total, 0);
        QCOMPARE(project().counts().accepted, 0);
        QVERIFY(project().page(QueueFilter::All, {}, {0}, 10).rows.empty());
        QCOMPARE(project().page(QueueFilter::Trash, {}, {0}, 10).rows.size(), std::size_t{1});
        project().setTrashed(id, false);
        QCOMPARE(project().counts().accepted, 1);
    }

    void searchFindsSubstringsAlsoTwoChineseCharacters_data()
    {
        QTest::addColumn<QString>("word");
        QTest::addColumn<int>("found");
        QTest::newRow("in an instruction") << "eath" << 1;
        QTest::newRow("in a response") << "sunny" << 1;
        QTest::newRow("in a judgment") << "longwinded" << 1;
        QTest::newRow("two characters") << "天气" << 1;
        QTest::newRow("one character") << "好" << 1;
        QTest::newRow("case") << "WEATHER" << 1;
        QTest::newRow("a wildcard is text") << "%" << 0;
        QTest::newRow("a quote is text") << "' OR 1=1 --" << 0;
        QTest::newRow("nothing") << "snow" << 0;
        QTest::newRow("all") << "" << 3;
    }

    void searchFindsSubstringsAlsoTwoChineseCharacters()
    {
        m_open->add("How is the weather?", "It is sunny.");
        m_open->add("今天天气怎么样？", "很好。");
        m_open->add("Sum up.", "Well, it began long ago …", Verdict::Criticised, "longwinded");
        QFETCH(QString, word);
        QFETCH(int, found);
        QCOMPARE(static_cast<int>(project().page(QueueFilter::All, word.toStdString(), {0}, 10).rows.size()), found);
    }

    void theQueueComesInPagesAndFilters()
    {
        for (int i = 0; i < 25; ++i) {
            m_open->add("question " + std::to_string(i), "answer", i % 5 == 0 ? Verdict::Accepted : Verdict::Open);
        }
        const auto first = project().page(QueueFilter::All, {}, {0}, 20);
        QCOMPARE(first.rows.size(), std::size_t{20});
        QVERIFY(first.more);
        const auto rest = project().page(QueueFilter::All, {}, first.rows.back().id, 20);
        QCOMPARE(rest.rows.size(), std::size_t{5});
        QVERIFY(!rest.more);
        QCOMPARE(project().page(QueueFilter::Accepted, {}, {0}, 20).rows.size(), std::size_t{5});
        QCOMPARE(project().position(rest.rows.back().id), 25);
        const auto open = *project().firstOpen();
        QCOMPARE(project().position(open), 2);
        QCOMPARE(project().position(*project().neighbour(open, true, QueueFilter::Accepted, {})), 6);
        QVERIFY(!project().neighbour(first.rows.front().id, false, QueueFilter::All, {}));
    }
};

QTEST_APPLESS_MAIN(JudgingTest)
#include "tst_judging.moc"
