// Tables as spreadsheets write them, whatever lies across the pieces in which a file is read.
#include "base/table_reader.h"
#include "tests/support/failures.h"

#include <QtTest>

using namespace stet;

namespace {

using Row = std::vector<std::string>;

// Gives a text byte by byte: every border there can be.
class Drops final : public ByteSource {
public:
    explicit Drops(std::string text) : m_text(std::move(text)) { }

    bool read(std::string& into) override
    {
        if (m_at == m_text.size()) {
            return false;
        }
        into += m_text[m_at++];
        return true;
    }

private:
    std::string m_text;
    std::size_t m_at = 0;
};

std::vector<Row> rowsOf(std::unique_ptr<ByteSource> text, char separator = ',')
{
    TableReader table(std::move(text), "t.csv", separator);
    std::vector<Row> rows;
    while (auto row = table.next()) {
        rows.push_back(std::move(*row));
    }
    return rows;
}

}  // namespace

class TableReaderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cellsAreReadAsTheyWereMeant()
    {
        const std::string text = "a,b\r\n\"x,\"\"y\"\"\r\nz\",\r\n\r\n,\"\"\nlast,é";
        const std::vector<Row> expected = {{"a", "b"}, {"x,\"y\"\r\nz", ""}, {"", ""}, {"last", "é"}};
        QVERIFY(rowsOf(sourceOf(text)) == expected);
        QVERIFY(rowsOf(std::make_unique<Drops>(text)) == expected);
        QVERIFY(rowsOf(sourceOf("a\tb,c\rd\te"), '\t') == (std::vector<Row>{{"a", "b,c"}, {"d", "e"}}));
    }

    void aRowKnowsTheLineOnWhichItBegins()
    {
        TableReader table(sourceOf("a,b\n\"1\n2\",3\n4,5\n"), "t.csv", ',');
        table.next();
        table.next();
        QCOMPARE(table.line(), 2);
        table.next();
        QCOMPARE(table.where(), std::string("t.csv, line 4"));
    }

    void theSeparatorIsThatOfTheHeader()
    {
        QCOMPARE(tableSeparator("a,b"), std::optional(','));
        QCOMPARE(tableSeparator("\"a,b\";c"), std::optional(';'));
        QCOMPARE(tableSeparator("a, or b\tc\td"), std::optional('\t'));
        QVERIFY(!tableSeparator("only one"));
    }

    void noRowFillsTheMemory()
    {
        const auto endless = test::messageOf([] { (void)rowsOf(sourceOf("a\n\"" + std::string(17 << 20, 'x'))); });
        QVERIFY2(endless.find("line 2: the row that begins here is longer than 16 MiB") != std::string::npos,
                 endless.c_str());
        const auto wide = test::messageOf([] { (void)rowsOf(sourceOf(std::string(20'000, ','))); });
        QVERIFY2(wide.find("more than 10000 columns") != std::string::npos, wide.c_str());
    }
};

QTEST_APPLESS_MAIN(TableReaderTest)
#include "tst_table_reader.moc"
