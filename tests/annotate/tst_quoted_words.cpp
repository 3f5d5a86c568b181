// What a judgment quotes, and where the response holds it.
#include "annotate/judgment/quoted_words.h"

#include <QtTest>

using namespace stet;
using annotate::Mark;
using annotate::MarkKind;
using annotate::TextRange;

using Places = std::vector<TextRange>;

class QuotedWordsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void placesOfWhatIsQuoted_data()
    {
        QTest::addColumn<QString>("judgment");
        QTest::addColumn<QString>("response");
        QTest::addColumn<Places>("places");
        const auto row = [](const char* name, const char* judgment, const char* response, const Places& places) {
            QTest::newRow(name) << QString::fromUtf8(judgment) << QString::fromUtf8(response) << places;
        };
        row("its own mark at the end, another case", "It begins with \"Of course!\".", "of course, here is it",
            {{0, 9}});
        row("everywhere", "\"very\" says nothing", "Very good, very nice.", {{0, 4}, {11, 15}});
        row("whole words", "\"cat\" is wrong", "A category, a cat.", {{14, 17}});
        row("code points", "“élan” is no word for this", "🦙 Élan", {{2, 6}});
        row("a script without spaces", "「天气」不对", "今天气温高", {{1, 3}});
        row("two of them", "Neither \"red\" nor ‘blue’", "blue and red", {{0, 4}, {9, 12}});
        row("what should stand there", "Write \"Paris\", not \"Lyon\".", "Lyon is near Paris.", {{0, 4}});
        row("what it lacks", "It leaves out \"the price\".", "See the price.", {});
        row("the text as it should have been",
            "It lacks tags. The corrected response should look like this:\n\nname=\"Tom\"", "Tom", {});
        row("in Chinese", "应改为：他说「你好」", "他说你好", {});
        row("a time is no rewriting", "The correct time is 12:30, not \"noon\".", "At noon.", {{3, 7}});
        row("a quote behind a colon", "The correct name: \"Rome\". It says: \"Roma\".", "Roma, not Rome", {{0, 4}});
        row("not there", "It says \"hello\".", "Good day.", {});
        row("no quote", "It is too long.", "It is too long.", {});
        row("a quote without an end", "It says \"hello", "hello", {});
        row("nothing", "", "", {});
    }

    void placesOfWhatIsQuoted()
    {
        QFETCH(QString, judgment);
        QFETCH(QString, response);
        QFETCH(Places, places);
        QCOMPARE(annotate::quotedPlaces(judgment.toStdString(), response.toStdString()), places);
    }

    void whatSomebodyMarkedStays()
    {
        const std::vector<Mark> marks = {{4, 8, MarkKind::Clear}, {20, 20, MarkKind::Flag}};
        QCOMPARE(annotate::withFlags(marks, {{0, 5}, {9, 12}}),
                 (std::vector<Mark>{{4, 8, MarkKind::Clear}, {9, 12, MarkKind::Flag}, {20, 20, MarkKind::Flag}}));
        QCOMPARE(annotate::withFlags(marks, {}), marks);
    }
};

QTEST_APPLESS_MAIN(QuotedWordsTest)
#include "tst_quoted_words.moc"
