// A backup in the place of the database: what it held is there again, what was there before is kept, and what can't be
// restored is refused before anything is touched.
#include "annotate/store/restore.h"
#include "base/files.h"
#include "tests/annotate/open_project.h"
#include "tests/support/failures.h"

#include <QtTest>

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <filesystem>

using namespace stet;
using namespace stet::annotate;
using namespace stet::test;
namespace fs = std::filesystem;

class RestoreTest : public QObject {
    Q_OBJECT

    std::unique_ptr<OpenProject> m_open;
    std::string m_copy;  // of the project when its only response was judged "First."

    std::string folder() const { return m_open->folder; }
    std::string database() const { return folder() + "/project.db"; }

    std::string judgment() const { return m_open->project->item(*m_open->project->findExternal("1"))->judgment; }

    std::string refusal() const
    {
        return messageOf([this] { restoreBackup(folder(), m_copy); });
    }

    std::vector<std::string> backups(const std::string& extension) const
    {
        std::vector<std::string> found;
        for (const auto& entry : fs::directory_iterator(folder() + "/backups")) {
            if (entry.path().extension() == extension) {
                found.push_back(entry.path().string());
            }
        }
        return found;
    }

private Q_SLOTS:
    void init()
    {
        m_open = std::make_unique<OpenProject>();
        const auto id = m_open->add("Say hello.", "Hello.", Verdict::Criticised, "First.");
        m_copy = m_open->project->backup();
        m_open->project->submit(id, Verdict::Criticised, "Second.");
        m_open->project->saveDraft(id, "half a th");
        m_open->project.reset();
    }

    void theBackupIsThereAgainAndSoIsTheWayBack()
    {
        restoreBackup(folder(), m_copy);
        m_open->reopen();
        QVERIFY(!m_open->project->readOnly());
        QCOMPARE(judgment(), std::string("First."));
        QVERIFY(m_open->project->check().empty());
        m_open->project.reset();
        auto copies = backups(".db");
        QCOMPARE(copies.size(), std::size_t(2));
        restoreBackup(folder(), *std::max_element(copies.begin(), copies.end()));
        m_open->reopen();
        QCOMPARE(judgment(), std::string("Second."));
        QCOMPARE(m_open->project->item(*m_open->project->findExternal("1"))->draft,
                 std::optional<std::string>("half a th"));
    }

    // Its last words are in a file beside it, which must not be taken for the restored one's.
    void whatAKilledProgramLeftBesideItIsKeptToo()
    {
        m_open->reopen();
        m_open->project->submit(*m_open->project->findExternal("1"), Verdict::Criticised, "Third.");
        const std::string killed = m_open->dir.filePath(QStringLiteral("killed")).toStdString();
        fs::copy(folder(), killed, fs::copy_options::recursive);
        QVERIFY(fs::file_size(killed + "/project.db-wal") > 0);
        restoreBackup(killed, m_copy);
        const auto restored = Project::open(killed);
        QCOMPARE(restored->item(*restored->findExternal("1"))->judgment, std::string("First."));
        QVERIFY(restored->check().empty());
        std::vector<std::string> copies;
        for (const auto& entry : fs::directory_iterator(killed + "/backups")) {
            copies.push_back(entry.path().string());
        }
        SQLite::Database newest(*std::max_element(copies.begin(), copies.end()), SQLite::OPEN_READONLY);
        QCOMPARE(newest.execAndGet("SELECT text FROM judgments ORDER BY seq DESC LIMIT 1").getString(),
                 std::string("Third."));
    }

    void aDamagedDatabaseIsKeptAsItIs()
    {
        publishFile(database(), "no database at all");
        restoreBackup(folder(), m_copy);
        m_open->reopen();
        QCOMPARE(judgment(), std::string("First."));
        QCOMPARE(backups(".sqlite").size(), std::size_t(1));
        QCOMPARE(readFile(backups(".sqlite").front(), 1000), std::string("no database at all"));
    }

    void aProjectThatIsOpenIsLeftAlone()
    {
        m_open->reopen();
        const std::string said = refusal();
        QVERIFY2(said.find("has it open") != std::string::npos, said.c_str());
        QCOMPARE(judgment(), std::string("Second."));
    }

    void aCopyThatIsNoneIsRefused_data()
    {
        QTest::addColumn<QString>("content");
        QTest::addColumn<QString>("said");
        QTest::newRow("no file") << QString() << QStringLiteral("no such file");
        QTest::newRow("no database") << QStringLiteral("text") << QStringLiteral("can't be restored");
        QTest::newRow("another program's")
            << QStringLiteral("PRAGMA application_id = 7") << QStringLiteral("no project");
        QTest::newRow("a newer one's") << QStringLiteral("PRAGMA user_version = 999") << QStringLiteral("newer Stet");
    }

    void aCopyThatIsNoneIsRefused()
    {
        QFETCH(QString, content);
        QFETCH(QString, said);
        const std::string before = readFile(database(), 1U << 30U);
        if (content.isEmpty()) {
            fs::remove(m_copy);
        } else if (content.startsWith(QStringLiteral("PRAGMA"))) {
            SQLite::Database(m_copy, SQLite::OPEN_READWRITE).exec(content.toStdString());
        } else {
            publishFile(m_copy, content.toStdString());
        }
        const std::string refused = refusal();
        QVERIFY2(refused.find(said.toStdString()) != std::string::npos, refused.c_str());
        QVERIFY2(refused.find(m_copy) != std::string::npos, refused.c_str());
        QCOMPARE(readFile(database(), 1U << 30U), before);
        QVERIFY(!fs::exists(folder() + "/project.db.stet-tmp-restore"));
    }
};

QTEST_APPLESS_MAIN(RestoreTest)
#include "tst_restore.moc"
