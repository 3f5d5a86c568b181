#include "base/files.h"
#include "base/sha256.h"
#include "tests/support/failures.h"

#include <QtTest>

#include <filesystem>
#include <fstream>

#include <sys/resource.h>
#include <sys/stat.h>
#include <csignal>

using namespace stet;
namespace fs = std::filesystem;

namespace {

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

int entriesOf(const std::string& folder)
{
    return static_cast<int>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

class FilesTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::string in(const std::string& name) const
    {
        return m_folder.filePath(QString::fromStdString(name)).toStdString();
    }

private Q_SLOTS:
    void init()
    {
        for (const auto& entry : fs::directory_iterator(m_folder.path().toStdString())) {
            fs::remove_all(entry.path());
        }
    }

    void aPublishedFileIsReadBackWhole()
    {
        const std::string content("a\0b\xFF\n", 5);
        publishFile(in("f"), content);
        publishFile(in("f"), content + content);
        QCOMPARE(readFile(in("f"), 100), content + content);
        QCOMPARE(entriesOf(m_folder.path().toStdString()), 1);
    }

    void aFailedWriteLeavesTheOldFileAndNoLeftover()
    {
        publishFile(in("f"), "old");
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit limit = {};
        getrlimit(RLIMIT_FSIZE, &limit);
        const rlimit small = {1000, limit.rlim_max};
        setrlimit(RLIMIT_FSIZE, &small);
        const auto message = test::messageOf([&] { publishFile(in("f"), std::string(5000, 'x')); });
        setrlimit(RLIMIT_FSIZE, &limit);
        QVERIFY2(contains(message, in("f")), message.c_str());
        QCOMPARE(readFile(in("f"), 100), std::string("old"));
        QCOMPARE(entriesOf(m_folder.path().toStdString()), 1);
    }

    void aFailedWriteNamesTheFileThatWasMeant()
    {
        try {
            publishFile("/nowhere/x.json", "{}");
            QFAIL("it was written");
        } catch (const Failure& failure) {
            QVERIFY2(std::string(failure.what()).find("/nowhere/x.json:") != std::string::npos, failure.what());
        }
    }

    void aFolderAppearsWholeOrNotAtAll()
    {
        const auto half = [](const std::string& path) {
            std::ofstream(path + "/one") << "1";
            throw badInput("the second file failed");
        };
        QCOMPARE(test::messageOf([&] { publishFolder(in("d"), half); }), std::string("the second file failed"));
        QCOMPARE(entriesOf(m_folder.path().toStdString()), 0);

        const auto whole = [](const std::string& path) { std::ofstream(path + "/one") << "1"; };
        publishFolder(in("d"), whole);
        QCOMPARE(readFile(in("d/one"), 10), std::string("1"));
        QVERIFY(contains(test::messageOf([&] { publishFolder(in("d"), whole); }), "exists already"));
        publishFolder(
            in("d"), [](const std::string& path) { std::ofstream(path + "/two") << "2"; }, true);
        QVERIFY(!fs::exists(in("d/one")));
        QCOMPARE(entriesOf(m_folder.path().toStdString()), 1);
    }

    void leftoversOfAKilledProcessAreRemoved()
    {
        fs::create_directories(in("x.stet-tmp-1-0/deep"));
        std::ofstream(in("keep")) << "k";
        removeLeftovers(m_folder.path().toStdString());
        QCOMPARE(entriesOf(m_folder.path().toStdString()), 1);
    }

    void whatIsNoFileIsRefusedWithoutBlocking()
    {
        QVERIFY(contains(test::messageOf([&] { readFile(in("missing"), 10); }), "does not exist"));
        QVERIFY(contains(test::messageOf([&] { readFile(m_folder.path().toStdString(), 10); }), "not a regular file"));
        QCOMPARE(mkfifo(in("fifo").c_str(), 0600), 0);
        QVERIFY(contains(test::messageOf([&] { readFile(in("fifo"), 10); }), "not a regular file"));
        publishFile(in("big"), "12345678901");
        QVERIFY(contains(test::messageOf([&] { readFile(in("big"), 10); }), "more than the limit"));
    }

    // FIPS 180-2, appendix B.1.
    void hashesAreThoseOfTheStandard()
    {
        const std::string expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        QCOMPARE(toHex(sha256("abc")), expected);
        QCOMPARE(leadingNumber(sha256("abc")), 0xba7816bf8f01cfeaULL);
        publishFile(in("abc"), "abc");
        QCOMPARE(sha256OfFile(in("abc")), expected);
    }
};

QTEST_APPLESS_MAIN(FilesTest)
#include "tst_files.moc"
