// Every file of tests/fuzz/corpus through every reader, and a fixed set of mutants: what fuzzing found stays mended.
// A file's own folder names the reader it was found with; the others must bear it as well.
#include "tests/fuzz/mutants.h"
#include "tests/support/bounded.h"
#include "tests/support/paths.h"

#include <QtTest>

#include <filesystem>

using namespace stet;
using namespace stet::fuzz;

namespace {

std::string corpusFolder(const Target& target)
{
    return test::sourceDir() + "/tests/fuzz/corpus/" + std::string(target.name);
}

// Why the target did not take it; empty when it did.
std::string findingOf(const Target& target, const std::string& bytes)
{
    const test::Bounded bounded;
    try {
        target.run(bytes);
    } catch (const std::exception& error) {
        return std::string(target.name) + ": " + error.what();
    }
    return bounded.broken();
}

}  // namespace

class FuzzCorpusTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyFileIsReadOrRefusedByEveryReader_data()
    {
        QTest::addColumn<QByteArray>("content");
        for (const Target& target : targets()) {
            const auto corpus = corpusOf(corpusFolder(target));
            QVERIFY2(corpus.size() >= 4, corpusFolder(target).c_str());
            for (const auto& [name, content] : corpus) {
                QTest::newRow((std::string(target.name) + "/" + name).c_str()) << QByteArray::fromStdString(content);
            }
        }
    }

    void everyFileIsReadOrRefusedByEveryReader()
    {
        QFETCH(QByteArray, content);
        for (const Target& target : targets()) {
            const auto finding = findingOf(target, content.toStdString());
            QVERIFY2(finding.empty(), finding.c_str());
        }
    }

    void mutantsAreReadOrRefused_data()
    {
        QTest::addColumn<int>("which");
        for (int i = 0; i < static_cast<int>(targets().size()); ++i) {
            QTest::newRow(std::string(targets()[static_cast<std::size_t>(i)].name).c_str()) << i;
        }
    }

    void mutantsAreReadOrRefused()
    {
        QFETCH(int, which);
        const Target& target = targets()[static_cast<std::size_t>(which)];
        const auto corpus = corpusOf(corpusFolder(target));
        std::mt19937_64 random(20261121);
        for (int i = 0; i < 1000; ++i) {
            const std::string text = mutant(target, corpus, random);
            const auto finding = findingOf(target, text);
            QVERIFY2(finding.empty(),
                     (finding + " with mutant " + std::to_string(i) + ": " +
                      QByteArray::fromStdString(text.substr(0, 500)).toPercentEncoding(" {}[]\",:").toStdString())
                         .c_str());
        }
    }

    // Else a corpus of refusals alone would pass for one that gets anywhere.
    void aReaderThatBreaksItsPromiseIsFound()
    {
        const Target broken = {"broken", [](std::string_view bytes) { (void)std::string(bytes).at(1000); }};
        QVERIFY(!findingOf(broken, "x").empty());
        QVERIFY(targetOf("safetensors") != nullptr);
        QVERIFY(targetOf("nothing") == nullptr);
    }
};

QTEST_APPLESS_MAIN(FuzzCorpusTest)
#include "tst_fuzz_corpus.moc"
