// The project folder: what is written is there, two programs at once, backups; damage is named and nothing overwritten.
#include "tests/annotate/open_project.h"
#include "tests/support/failures.h"

#include <QFile>
#include <QtTest>

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>

using namespace stet;
using namespace stet::annotate;
using namespace stet::test;

class ProjectTest : public QObject {
    Q_OBJECT

    std::unique_ptr<OpenProject> m_open;

    Project& project() const { return *m_open->project; }

private Q_SLOTS:
    void init() { m_open = std::make_unique<OpenProject>(); }

    void settingsAndTextsAreThereAfterReopening()
    {
        project().setSetting("lambda", "1.3");
        const auto id = m_open->add("Say hello.", "Hello.");
        project().saveDraft(id, "half");
        project().submit(id, Verdict::Criticised, "Too short.");
        project().setMarks(id, {{0, 5, MarkKind::Flag}});
        m_open->reopen();
        QCOMPARE(project().setting("model"), std::string("/models/one"));
        QCOMPARE(project().setting("lambda"), std::string("1.3"));
        const auto item = *project().item(id);
        QCOMPARE(item.verdict, Verdict::Criticised);
        QCOMPARE(item.judgment, std::string("Too short."));
        QCOMPARE(item.source, std::string("you"));
        QCOMPARE(item.marks, (std::vector<Mark>{{0, 5, MarkKind::Flag}}));
        QVERIFY(!item.draft);  // submitting takes the draft's place
        QVERIFY(project().check().empty());
    }

    void anImportThatIsNotPublishedLeavesNothing()
    {
        const auto batch = project().beginBatch("test");
        NewResponse response;
        response.externalId = "1";
        response.instruction = "a";
        response.output = "b";
        project().addResponses(batch, {response});
        QCOMPARE(project().counts().total, 0);
        m_open->reopen();  // the program was killed in the midst of it
        QCOMPARE(project().counts().total, 0);
        QVERIFY(!project().findExternal("1"));
        const auto again = project().beginBatch("test");
        project().addResponses(again, {response});
        project().cancelBatch(again);
        QCOMPARE(project().counts().total, 0);
    }

    void aSecondProgramReadsOnlyAndSaysSo()
    {
        const auto id = m_open->add("a", "b");
        const auto second = Project::open(m_open->folder);
        QVERIFY(second->readOnly());
        QVERIFY2(!second->readOnlyReason().empty(), "a reason is given");
        QCOMPARE(second->item(id)->instruction, std::string("a"));
        const auto said = messageOf([&] { second->submit(id, Verdict::Accepted, {}); });
        QVERIFY2(said.find("read") != std::string::npos, said.c_str());
        project().submit(id, Verdict::Accepted, {});
        QCOMPARE(second->item(id)->verdict, Verdict::Accepted);
    }

    void roundsAreWrittenDownAndOneIsAdopted()
    {
        m_open->add("a", "b", Verdict::Criticised, "wrong");
        const int one = project().addRound(0, "stable");
        QCOMPARE(one, 1);
        project().writeRoundInput(one);
        QVERIFY(std::filesystem::exists(project().roundFolder(one) + "/round.json"));
        QVERIFY(std::filesystem::exists(project().roundFolder(one) + "/examples.jsonl"));
        auto record = project().rounds().front();
        record.state = RoundState::Finished;
        record.stepsDone = 32;
        project().updateRound(record);
        project().adopt(one);
        m_open->reopen();
        QCOMPARE(project().currentRound(), 1);
        QCOMPARE(project().rounds().front().stepsDone, 32);
        QVERIFY(project().rounds().front().adopted);
        project().adopt(0);
        QCOMPARE(project().currentRound(), 0);
        project().setChoice(one, "\"h1\"", "after");
        QCOMPARE(project().choices(one).front().second, std::string("after"));
    }

    void aBackupIsAWholeProject()
    {
        const auto id = m_open->add("a", "b", Verdict::Accepted);
        const std::string copy = project().backup();
        QVERIFY(std::filesystem::exists(copy));
        project().setTrashed(id, true);
        m_open->project.reset();
        std::filesystem::remove(m_open->folder + "/project.db-wal");
        std::filesystem::remove(m_open->folder + "/project.db-shm");
        std::filesystem::copy_file(copy, m_open->folder + "/project.db",
                                   std::filesystem::copy_options::overwrite_existing);
        m_open->reopen();
        QCOMPARE(project().counts().accepted, 1);
        QVERIFY(project().check().empty());
    }

    void whatIsNoProjectIsNamed()
    {
        auto said = messageOf([this] { (void)Project::open(m_open->folder + "-absent"); });
        QVERIFY2(said.find("-absent") != std::string::npos, said.c_str());
        const std::string empty = m_open->dir.filePath(QStringLiteral("empty.stet")).toStdString();
        std::filesystem::create_directory(empty);
        said = messageOf([&] { (void)Project::open(empty); });
        QVERIFY2(said.find("empty.stet") != std::string::npos, said.c_str());
        said = messageOf([this] { (void)Project::create(m_open->folder, "/models/one"); });
        QVERIFY2(said.find("p.stet") != std::string::npos, said.c_str());
    }

    // An emptied database must not become a new, empty project: the person's work is in backups/.
    void anEmptiedOrForeignDatabaseIsLeftAlone()
    {
        m_open->project.reset();
        const QString path = QString::fromStdString(m_open->folder) + QStringLiteral("/project.db");
        for (const QString& side : {QStringLiteral("-wal"), QStringLiteral("-shm"), QString()}) {
            QFile::remove(path + side);
        }
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.close();
        auto said = messageOf([this] { (void)Project::open(m_open->folder); });
        QVERIFY2(said.find("/backups") != std::string::npos, said.c_str());
        QCOMPARE(QFileInfo(path).size(), qint64(0));

        {
            SQLite::Database foreign(path.toStdString(), SQLite::OPEN_READWRITE);
            foreign.exec("CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup');");
        }
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray before = file.readAll();
        file.close();
        said = messageOf([this] { (void)Project::open(m_open->folder); });
        QVERIFY2(said.find("/backups") != std::string::npos, said.c_str());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), before);
    }

    void aDamagedFileIsNamedAndNothingIsOverwritten()
    {
        m_open->add("a", "b");
        m_open->project.reset();
        QFile file(QString::fromStdString(m_open->folder) + QStringLiteral("/project.db"));
        QVERIFY(file.open(QIODevice::ReadWrite));
        file.seek(0);
        file.write(QByteArray(4096, 'x'));
        file.close();
        const auto said = messageOf([this] { (void)Project::open(m_open->folder); });
        QVERIFY2(said.find("p.stet") != std::string::npos, said.c_str());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.read(4), QByteArray("xxxx"));
    }

    void aChangedTextIsFoundByTheCheck()
    {
        m_open->add("a", "the response as it was imported");
        m_open->project.reset();
        QFile file(QString::fromStdString(m_open->folder) + QStringLiteral("/project.db"));
        QVERIFY(file.open(QIODevice::ReadWrite));
        QByteArray all = file.readAll();
        QVERIFY(all.contains("as it was imported"));
        all.replace("as it was imported", "as it was exported");
        file.seek(0);
        file.write(all);
        file.close();
        m_open->reopen();
        QVERIFY(!project().check().empty());
    }
};

QTEST_APPLESS_MAIN(ProjectTest)
#include "tst_project.moc"
