// A JSON list read element by element, whatever lies across the pieces in which the file is read; and JSON as it is
// written, digit by digit.
#include "base/json_list.h"
#include "base/json_text.h"
#include "tests/support/bounded.h"
#include "tests/support/failures.h"

#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>
#include <fstream>

using namespace stet;

class JsonListTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::string write(const std::string& content) const
    {
        const auto path = m_folder.filePath(QStringLiteral("f.json")).toStdString();
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }

private Q_SLOTS:
    void elementsComeOneByOneWithTheirText()
    {
        const std::string big(200'000, 'x');
        JsonListReader list(
            write("\xEF\xBB\xBF\n [ {\"a\": [1, \"]\\\"\"]} ,\r\n\"" + big + "\", 12345678901234567890123 ]\n"));
        QCOMPARE(list.next()->at("a").at(1).get<std::string>(), std::string("]\""));
        QCOMPARE(list.text(), std::string("{\"a\": [1, \"]\\\"\"]}"));
        QCOMPARE(list.next()->get<std::string>(), big);
        QVERIFY(list.next()->is_number());
        QCOMPARE(list.text(), std::string("12345678901234567890123"));
        QVERIFY(!list.next());
        QVERIFY(!list.next());
    }

    void anEmptyListHasNoElements()
    {
        JsonListReader list(write("[ ]"));
        QVERIFY(!list.next());
    }

    void whatIsWrongIsNamedByRecord_data()
    {
        QTest::addColumn<QString>("content");
        QTest::addColumn<QString>("said");
        QTest::newRow("cut short") << "[{\"a\":1},{\"a\":"
                                   << "cut short in record 2";
        QTest::newRow("no end") << "[{\"a\":1}"
                                << "cut short in record 1";
        QTest::newRow("nothing behind a bracket") << "["
                                                  << "cut short";
        QTest::newRow("no comma") << "[{\"a\":1} {\"a\":1}]"
                                  << "record 1: not valid JSON: no comma";
        QTest::newRow("a comma too many") << "[{\"a\":1},]"
                                          << "record 1: not valid JSON: a comma";
        QTest::newRow("more behind it") << "[1] 2"
                                        << "behind the list";
        QTest::newRow("a bad record") << "[1, {\"a\" 1}]"
                                      << "record 2: not valid JSON at column 6";
        QTest::newRow("wrong brackets") << "[{\"a\":1]]"
                                        << "record 1: not valid JSON";
        QTest::newRow("no list") << "{\"a\":1}"
                                 << "one JSON list";
    }

    void whatIsWrongIsNamedByRecord()
    {
        QFETCH(QString, content);
        QFETCH(QString, said);
        const auto path = write(content.toStdString());
        const auto message = QString::fromStdString(test::messageOf([&] {
            JsonListReader list(path);
            while (list.next()) { }
        }));
        QVERIFY2(message.contains(said) && message.contains(QStringLiteral("f.json")), qPrintable(message));
    }

    // A sparse file of some GiB costs nothing to make.
    void anElementWithoutEndIsRefusedBeforeItFillsTheMemory()
    {
        const auto path = write("[{\"a\": \"x");
        std::filesystem::resize_file(path, std::uintmax_t{8} << 30U);
        JsonListReader list(path);
        const test::Bounded bounded;
        const auto message = test::messageOf([&] { list.next(); });
        QVERIFY2(message.find("record 1: longer than 16 MiB") != std::string::npos, message.c_str());
        QVERIFY2(bounded.broken().empty(), bounded.broken().c_str());
    }

    void membersKeepTheirText()
    {
        const std::string object = "{ \"a\\\"b\" : 1.10 , \"c\":{\"d\":[1,2]} ,\"e\":\"x,}\" } ";
        const auto members = jsonMembers(object);
        QCOMPARE(members.size(), std::size_t(3));
        QCOMPARE(members[0].first, std::string("a\"b"));
        QCOMPARE(std::string(members[0].second), std::string("1.10"));
        QCOMPARE(std::string(members[1].second), std::string("{\"d\":[1,2]}"));
        QCOMPARE(std::string(members[2].second), std::string("\"x,}\""));
        QVERIFY(jsonMembers("{}").empty());
        QCOMPARE(minifiedJson("{ \"a b\" : [ 1 , \"\\\" c\" ] }"), std::string("{\"a b\":[1,\"\\\" c\"]}"));
    }
};

QTEST_APPLESS_MAIN(JsonListTest)
#include "tst_json_list.moc"
