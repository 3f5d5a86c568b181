// What a model's answer is worth as a judgment, and whose a judgment is that began as one.
#include "annotate/judgment/drafted_judgment.h"

#include <QtTest>

using namespace stet;
using namespace stet::annotate;
using Kind = DraftReading::Kind;

Q_DECLARE_METATYPE(stet::annotate::DraftReading::Kind)

namespace {

ResponseItem glacier()
{
    ResponseItem item;
    item.instruction = "In one sentence, say what a glacier is.";
    item.output = "A glacier is a massive, icy mass of ice that forms in the polar regions of the Earth.";
    return item;
}

const Author kModel = {AuthorKind::Model, {}, "/models/small", 2};

ResponseItem drafted(const std::string& hint)
{
    ResponseItem item = glacier();
    item.hint = hint;
    item.hintedBy = kModel;
    return item;
}

}  // namespace

class DraftedJudgmentTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anAnswerIsReadForWhatItIs_data()
    {
        QTest::addColumn<QString>("answer");
        QTest::addColumn<bool>("cutOff");
        QTest::addColumn<Kind>("kind");
        QTest::addColumn<QString>("text");
        const auto row = [](const char* name, const char* answer, bool cutOff, Kind kind, const char* text = "") {
            QTest::newRow(name) << QString::fromUtf8(answer) << cutOff << kind << QString::fromUtf8(text);
        };
        row("a judgment", "\"icy mass of ice\" says the same twice.", false, Kind::Criticism,
            "\"icy mass of ice\" says the same twice.");
        row("nothing", "", false, Kind::Empty);
        row("spaces", " \n ", false, Kind::Empty);
        row("nothing is wrong", "Nothing is wrong.", false, Kind::NothingWrong);
        row("in other letters", "nothing is wrong", false, Kind::NothingWrong);
        row("but", "Nothing is wrong, but \"icy\" is said twice.", false, Kind::Criticism,
            "Nothing is wrong, but \"icy\" is said twice.");
        row("praise", "The response is correct.", false, Kind::NothingWrong);
        row("a copy", "A glacier is a massive, icy mass of ice that forms in the polar regions of the Earth.", false,
            Kind::Copy);
        row("a copy with a lead",
            "The correct response is: A glacier is a massive, icy mass of ice that forms in the polar regions of the "
            "Earth.",
            false, Kind::Copy);
        row("a copy twice",
            "A glacier is a massive, icy mass of ice that forms in the polar regions of the Earth.\n\nA glacier is a "
            "massive, icy mass of ice that forms in the polar regions of the Earth.",
            false, Kind::Copy);
        row("the instruction again", "In one sentence, say what a glacier is.", false, Kind::Copy);
        row("a placeholder", "N/A", false, Kind::Copy);
        row("in circles", "It is too long. It is too long. It is too long. It is", true, Kind::Criticism,
            "It is too long.");
        row("cut off", "\"icy mass of ice\" says it twice. Also, the pol", true, Kind::Criticism,
            "\"icy mass of ice\" says it twice.");
        row("cut off at once", "The response is wrong because", true, Kind::Unfinished);
        row("without a full stop", "It says ice twice", false, Kind::Criticism, "It says ice twice");
        row("a number is no end", "It says 3.5 where 4.5 is right.", false, Kind::Criticism,
            "It says 3.5 where 4.5 is right.");
        row("Chinese", "“冰”说了两遍。“冰”说了两遍。太", true, Kind::Criticism, "“冰”说了两遍。");
    }

    void anAnswerIsReadForWhatItIs()
    {
        QFETCH(QString, answer);
        QFETCH(bool, cutOff);
        QFETCH(Kind, kind);
        QFETCH(QString, text);
        const auto reading = readDraft(answer.toStdString(), cutOff, glacier(), "Nothing is wrong.");
        QCOMPARE(reading.kind, kind);
        QCOMPARE(QString::fromStdString(reading.text), text);
        QCOMPARE(reading.isUsable(), kind == Kind::Criticism || kind == Kind::NothingWrong);
    }

    void aDraftThatIsTakenAsItIsStaysTheModels()
    {
        const auto item = drafted("It says \"ice\" twice.");
        QCOMPARE(judgmentAuthor(item, Verdict::Criticised, item.hint, ownPerson()), kModel);
        QCOMPARE(judgmentAuthor(drafted(""), Verdict::Accepted, "", ownPerson()), kModel);
    }

    void aDraftThatIsEditedIsThePersonsAndTellsTheModel()
    {
        const auto author = judgmentAuthor(drafted("It says \"ice\" twice."), Verdict::Criticised,
                                           "It says \"ice\" twice, and glaciers are not only polar.", ownPerson("Ada"));
        QCOMPARE(author.kind, AuthorKind::Person);
        QCOMPARE(author.name, std::string("Ada"));
        QCOMPARE(author.model, kModel.model);
        QCOMPARE(author.round, kModel.round);
    }

    void otherWordsAreThePersonsAlone()
    {
        const auto item = drafted("It says \"ice\" twice.");
        QCOMPARE(judgmentAuthor(item, Verdict::Criticised, "Too vague for a lexicon.", ownPerson()), ownPerson());
        QCOMPARE(judgmentAuthor(item, Verdict::Accepted, "", ownPerson()), ownPerson());
        QCOMPARE(judgmentAuthor(item, Verdict::Skipped, "", ownPerson()), ownPerson());
        QCOMPARE(judgmentAuthor(drafted(""), Verdict::Criticised, "No.", ownPerson()), ownPerson());
        QCOMPARE(judgmentAuthor(glacier(), Verdict::Accepted, "", ownPerson()), ownPerson());
    }

    // The example's suggestions are nobody's draft.
    void aSuggestionOfNobodyIsNoDraft()
    {
        auto item = glacier();
        item.hint = "Say it once.";
        QVERIFY(!isDrafted(item));
        QCOMPARE(judgmentAuthor(item, Verdict::Criticised, item.hint, ownPerson()), ownPerson());
    }
};

QTEST_APPLESS_MAIN(DraftedJudgmentTest)
#include "tst_drafted_judgment.moc"
