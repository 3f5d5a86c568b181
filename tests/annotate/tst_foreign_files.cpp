// A file that isn't what an import reads is named for what it is, with what helps, whatever format was asked for; and
// the worker's reader of lines says the same.
#include "annotate/exchange/import.h"
#include "base/files.h"
#include "base/json_lines.h"
#include "tests/annotate/open_project.h"
#include "tests/support/failures.h"

#include <QtTest>

using namespace stet;
using namespace stet::annotate;
using namespace stet::test;

class ForeignFilesTest : public QObject {
    Q_OBJECT

    std::unique_ptr<OpenProject> m_open;

    std::string file(const QByteArray& content) const
    {
        const auto path = m_open->dir.filePath(QStringLiteral("in.data")).toStdString();
        publishFile(path, content.toStdString());
        return path;
    }

    QString refusal(const std::string& path, const char* format) const
    {
        return QString::fromStdString(messageOf([&] { (void)importFile(*m_open->project, path, format); }));
    }

private Q_SLOTS:
    void init() { m_open = std::make_unique<OpenProject>(); }

    void aForeignFileIsNamed_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("said");
        QTest::addColumn<QString>("helps");
        const auto row = [](const char* name, const QByteArray& content, const char* said, const char* helps) {
            QTest::newRow(name) << content << QString::fromUtf8(said) << QString::fromUtf8(helps);
        };
        row("Parquet", QByteArray("PAR1\x15\0\x15\0", 8), "This is a Parquet file", "read_parquet");
        row("Arrow", QByteArray("ARROW1\0\0", 8), "an Arrow file", "read_feather");
        row("gzip", QByteArray("\x1F\x8B\x08\0", 4), "gzip, which is not read yet", "gunzip");
        row("zip", QByteArray("PK\x03\x04rest"), "a zip archive", "unpack");
        row("xlsx", QByteArray("PK\x03\x04\x14[Content_Types].xml"), "an Excel workbook", "read_excel");
        row("UTF-16", QByteArray("\xFF\xFE{\0\"\0a\0", 8), "UTF-16, which is not read yet", "iconv");
        row("UTF-16 without a mark", QByteArray("{\0\"\0a\0\"\0:\0 \0", 12), "UTF-16", "iconv");
        row("UTF-16, big end first", QByteArray("\xFE\xFF\0{\0\"", 6), "UTF-16", "iconv");
        row("CSV", "instruction,output\na,b\n", "a table (CSV), which is not read yet", "read_csv");
        row("CSV in quotes", "\"Instruction\",\"Output\"\n\"a\",\"b\"\n", "(CSV)", "read_csv");
        row("TSV", "id\toutput\n1\tb\n", "(TSV)", "read_table");
        row("HTML", "\n<!DOCTYPE html><html>", "an HTML page", "download");
        row("Git LFS", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n", "Git LFS pointer",
            "git lfs pull");
        row("Python", "{'id': 1, 'instruction': 'a'}\n", "Python's notation", "json.dumps");
        row("one object", "{\n  \"id\": 1,\n  \"instruction\": \"a\"\n}\n", "one JSON object over several lines",
            "jq -c");
    }

    void aForeignFileIsNamed()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, said);
        QFETCH(QString, helps);
        const auto path = file(content);
        for (const char* format : {"auto", "cut", "jsonl"}) {
            const QString message = refusal(path, format);
            QVERIFY2(message.contains(said) && message.contains(helps), qPrintable(message));
            QVERIFY2(message.contains(QStringLiteral("in.data")), qPrintable(message));
        }
        QCOMPARE(m_open->project->counts().total, 0);
        const std::string worker = messageOf([&] { (void)JsonLinesReader(path).next(); });
        QVERIFY2(QString::fromStdString(worker).contains(said), worker.c_str());
    }

    void aForeignRowIsNamed_data()
    {
        QTest::addColumn<QString>("row");
        QTest::addColumn<QString>("said");
        const auto row = [](const char* name, const char* json, const char* said) {
            QTest::newRow(name) << QString::fromUtf8(json) << QString::fromUtf8(said);
        };
        row("ShareGPT", "{\"id\": \"x\", \"conversations\": [{\"from\": \"human\", \"value\": \"a\"}]}", "ShareGPT");
        row("OpenAI",
            "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}, {\"role\": \"assistant\", \"content\": \"b\"}]}",
            "OpenAI");
        row("preference", "{\"prompt\": \"a\", \"chosen\": \"b\", \"rejected\": \"c\"}", "preference pair");
        row("prompt and completion", "{\"prompt\": \"a\", \"completion\": \"b\"}", "'prompt'");
        row("UltraFeedback", "{\"instruction\": \"a\", \"completions\": [{\"response\": \"b\"}]}", "several answers");
        row("Shepherd", "{\"question\": \"a\", \"answer\": \"b\", \"feedback\": \"c\"}", "'question'");
        row("a list within", "{\"version\": 1, \"data\": [{\"instruction\": \"a\", \"output\": \"b\"}]}", "in 'data'");
        row("by columns", "{\"instruction\": {\"0\": \"a\"}, \"output\": {\"0\": \"b\"}}", "by columns");
        row("NaN", "{\"id\": 1, \"instruction\": \"a\", \"output\": \"b\", \"score\": NaN}",
            "NaN, which JSON does not have");
        row("Infinity", "{\"id\": 1, \"output\": \"b\", \"score\": -Infinity}", "Infinity, which JSON does not have");
        row("None", "{\"id\": 1, \"output\": None}", "write null");
    }

    void aForeignRowIsNamed()
    {
        QFETCH(QString, row);
        QFETCH(QString, said);
        for (const QString& text : {row, QStringLiteral("[\n%1\n]").arg(row)}) {
            const QString message = refusal(file(text.toUtf8()), "auto");
            QVERIFY2(message.contains(said), qPrintable(message));
        }
    }
};

QTEST_APPLESS_MAIN(ForeignFilesTest)
#include "tst_foreign_files.moc"
