// A file that isn't what an import reads is named for what it is, with what helps, whatever format was asked for; and
// the worker's reader of lines says the same.
#include "annotate/exchange/import.h"
#include "base/files.h"
#include "base/json_lines.h"
#include "contract/example.h"
#include "tests/annotate/open_project.h"
#include "tests/support/failures.h"
#include "tests/support/gzip.h"

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
        row("gzip twice", gzipped(gzipped("{}")), "gzip twice", "gunzip");
        row("zip", QByteArray("PK\x03\x04rest"), "a zip archive", "unpack");
        row("xlsx", QByteArray("PK\x03\x04\x14[Content_Types].xml"), "an Excel workbook", "read_excel");
        row("UTF-32", QByteArray("\xFF\xFE\0\0{\0\0\0", 8), "text in UTF-32", "iconv");
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
        row("prompt and response", "{\"prompt\": \"a\", \"response\": \"b\"}",
            "--columns instruction=prompt,output=response");
        row("question and answer", "{\"question\": \"a\", \"answer\": \"b\"}", "--columns instruction=question");
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

    // The import finds them out by itself; who asks for another format, and the worker, are told which they are.
    void whatAnotherFormatReadsIsNamed_data()
    {
        QTest::addColumn<QString>("row");
        QTest::addColumn<QString>("format");
        const auto row = [](const char* format, const char* json) {
            QTest::newRow(format) << QString::fromUtf8(json)
                                  << QStringLiteral("--format %1").arg(QLatin1String(format));
        };
        row("sharegpt", "{\"id\": \"x\", \"conversations\": [{\"from\": \"human\", \"value\": \"a\"}]}");
        row("openai",
            "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}, {\"role\": \"assistant\", \"content\": "
            "\"b\"}]}");
        row("trl-pairs", "{\"prompt\": \"a\", \"chosen\": \"b\", \"rejected\": \"c\"}");
        row("trl", "{\"prompt\": \"a\", \"completion\": \"b\"}");
        row("ultrafeedback", "{\"prompt\": \"a\", \"completions\": [{\"response\": \"b\"}]}");
        row("shepherd", "{\"question\": \"a\", \"answer\": \"b\", \"feedback\": \"c\"}");
    }

    void whatAnotherFormatReadsIsNamed()
    {
        QFETCH(QString, row);
        QFETCH(QString, format);
        const auto path = file(row.toUtf8());
        const QString message = refusal(path, "jsonl");
        QVERIFY2(message.contains(format), qPrintable(message));
        const QString worker = QString::fromStdString(messageOf([&] { (void)contract::readExamples(path, false); }));
        QVERIFY2(worker.contains(format), qPrintable(worker));
    }

    void aTableIsNoLineOfJson()
    {
        const auto path = file("instruction,output\na,b\n");
        for (const QString& message :
             {refusal(path, "jsonl"), QString::fromStdString(messageOf([&] { (void)JsonLinesReader(path).next(); }))}) {
            QVERIFY2(message.contains(QStringLiteral("a table (CSV)")) && message.contains(QStringLiteral("read_csv")),
                     qPrintable(message));
        }
    }
};

QTEST_APPLESS_MAIN(ForeignFilesTest)
#include "tst_foreign_files.moc"
