// The --in lines as they may come: what is wrong is told with its line, and no file takes more time or memory than its
// length calls for.
#include "base/failure.h"
#include "base/utf8.h"
#include "tests/support/bounded.h"
#include "trainer/files/example_lines.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace stet;

namespace {

const std::string kStart = R"({"id":1,"instruction":"a","output":"b")";

}  // namespace

class ExampleLinesTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::string write(const std::string& content) const
    {
        const std::string path = m_folder.filePath(QStringLiteral("in.jsonl")).toStdString();
        std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
        return path;
    }

    std::string refusalOf(const std::string& content) const
    {
        try {
            (void)files::readExamples(write(content), true);
        } catch (const Failure& failure) {
            return failure.what();
        }
        return {};
    }

private Q_SLOTS:
    void unknownFieldsAreNamedOnce()
    {
        const auto file = files::readExamples(write(kStart + ",\"x\":1}\n" + kStart + ",\"x\":2,\"y\":[]}\n"), true);
        QCOMPARE(file.examples.size(), std::size_t{2});
        QCOMPARE(file.warnings.size(), std::size_t{2});
        QVERIFY2(file.warnings.back().ends_with("unknown field 'y' is ignored"), file.warnings.back().c_str());
    }

    void manyUnknownFieldsAreCountedNotNamed_data()
    {
        QTest::addColumn<int>("lines");
        QTest::addColumn<int>("fields");
        QTest::newRow("in one line") << 1 << 800'000;
        QTest::newRow("in many lines") << 20'000 << 40;
    }

    void manyUnknownFieldsAreCountedNotNamed()
    {
        QFETCH(int, lines);
        QFETCH(int, fields);
        std::string content;
        for (int line = 0; line < lines; ++line) {
            content += kStart;
            for (int field = 0; field < fields; ++field) {
                content += ",\"f" + std::to_string(line) + "-" + std::to_string(field) + "\":0";
            }
            content += "}\n";
        }
        const auto path = write(content);
        content = {};
        const test::Bounded bounded;
        const auto file = files::readExamples(path, true);
        QVERIFY2(bounded.broken().empty(), bounded.broken().c_str());
        QCOMPARE(static_cast<int>(file.examples.size()), lines);
        QVERIFY2(file.warnings.size() <= 100, std::to_string(file.warnings.size()).c_str());
    }

    void aNameOfMegabytesIsCutInItsWarning()
    {
        std::string name;
        for (int i = 0; i < 1'000'000; ++i) {
            name += "\xC3\xA9";
        }
        const auto file = files::readExamples(write(kStart + ",\"" + name + "\":0}\n"), true);
        QVERIFY(file.warnings.at(0).size() < 500);
        QVERIFY(isValidUtf8(file.warnings.at(0)));
    }

    void anIdOfPandasIsAWholeNumber()
    {
        const auto file = files::readExamples(write("{\"id\":1.0,\"instruction\":\"a\",\"output\":\"b\"}\n"), true);
        QCOMPARE(file.examples.front().id, std::string("1"));
        QVERIFY(file.examples.front().idIsNumber);
    }

    void whatIsWrongIsToldWithItsLine_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("said");
        const auto row = [](const char* name, const QByteArray& line, const char* said) {
            QTest::newRow(name) << line << QByteArray(said);
        };
        const QByteArray start = QByteArray::fromStdString(kStart);
        row("UTF-16", QByteArray("{\0\"\0", 4), "not valid JSON");
        row("a NUL in a text", QByteArray("{\"id\":\"a\0b\"}", 12), "not valid JSON");
        row("a NUL behind the object", start + QByteArray("}\0", 2), "not valid JSON");
        row("half a surrogate pair", R"({"id":1,"instruction":"\ud800","output":"b"})", "not valid JSON");
        row("single quotes", "{'id':1}", "not valid JSON at column 2");
        row("two objects", start + "} " + start + "}", "not valid JSON at column");
        row("NaN", R"({"id":NaN})", "not valid JSON");
        row("a row of ShareGPT", R"({"id":"x","conversations":[{"from":"human","value":"a"}]})", "ShareGPT");
        row("a preference pair", R"({"id":"x","prompt":"a","chosen":"b","rejected":"c"})", "preference pair");
        row("an id of 1.5", R"({"id":1.5,"instruction":"a","output":"b"})", "'id'");
        row("an id that is a list", R"({"id":[1],"instruction":"a","output":"b"})", "'id'");
        row("a mark beyond 31 bits", start + R"(,"marks":[{"begin":0,"end":2147483648,"mark":"flag"}]})", "mark");
        row("a mark beyond 64 bits", start + R"(,"marks":[{"begin":0,"end":18446744073709551615,"mark":"flag"}]})",
            "too large");
        row("marks that are a text", start + R"(,"marks":"flag"})", "'marks'");
        row("a mark that is a number", start + R"(,"marks":[5]})", "mark");
        row("a mark of another name", start + R"(,"marks":[{"begin":0,"end":1,"mark":"red"}]})", "mark");
        row("no messages", R"({"id":1,"messages":[],"output":"b"})", "'messages'");
        row("messages that are a text", R"({"id":1,"messages":"hi","output":"b"})", "'messages'");
        row("a message that is a text", R"({"id":1,"messages":["hi"],"output":"b"})", "message");
        row("a message without a role", R"({"id":1,"messages":[{"content":"hi"}],"output":"b"})", "role");
        row("a message of parts", R"({"id":1,"messages":[{"role":"user","content":[{"text":"hi"}]}],"output":"b"})",
            "content");
        row("messages that end with the answer",
            R"({"id":1,"messages":[{"role":"assistant","content":"hi"}],"output":"b"})", "messages");
        row("stopped by nobody", start + R"(,"stopped":"rain"})", "'stopped'");
        row("70 brackets", start + ",\"x\":" + QByteArray(70, '[') + QByteArray(70, ']') + "}", "nested deeper");
        row("17 MB", start + ",\"x\":\"" + QByteArray(17'000'000, 'x') + "\"}", "longer than 16 MiB");
        row("2,100,000 values", start + ",\"x\":[0" + QByteArray(",0").repeated(2'100'000) + "]}", "more than");
    }

    void whatIsWrongIsToldWithItsLine()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, said);
        const std::string content = kStart + "}\n\n" + line.toStdString() + "\n";
        const test::Bounded bounded;
        const auto refused = refusalOf(content);
        QVERIFY2(refused.find("in.jsonl, line 3") != std::string::npos, refused.c_str());
        QVERIFY2(refused.find(said.toStdString()) != std::string::npos, refused.c_str());
        QVERIFY2(bounded.broken().empty(), bounded.broken().c_str());
    }
};

QTEST_APPLESS_MAIN(ExampleLinesTest)
#include "tst_example_lines.moc"
