// The project folder: what is written is there, two programs at once, backups; damage is named and nothing overwritten.
#include "base/generation.h"
#include "tests/annotate/open_project.h"
#include "tests/support/failures.h"

#include <QFile>
#include <QtTest>

#include <SQLiteCpp/SQLiteCpp.h>

#include <clocale>
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
        QCOMPARE(item.judgedBy, ownPerson());
        QCOMPARE(item.marks, (std::vector<Mark>{{0, 5, MarkKind::Flag}}));
        QVERIFY(!item.draft);  // submitting takes the draft's place
        QVERIFY(project().check().empty());
    }

    void answersAreAsLongAsTheProjectSays()
    {
        QCOMPARE(project().maxNewTokens(), kDefaultNewTokens);
        project().setSetting("max_new_tokens", "64");
        QCOMPARE(project().maxNewTokens(), 64);
        for (const char* wrong : {"0", "1.5", "-3", "many", "1e99"}) {
            project().setSetting("max_new_tokens", wrong);
            const std::string said = messageOf([&] { (void)project().maxNewTokens(); });
            QVERIFY2(said.find("'max_new_tokens'") != std::string::npos &&
                         said.find(std::string("'") + wrong + "'") != std::string::npos,
                     said.c_str());
        }
    }

    // Qt sets the C locale to the desktop's: 1.3 must not become 1 where a comma stands for the point.
    void aNumberIsTheSameInEveryLanguage()
    {
        project().setNumber("lambda", 1.3);
        const char* spoken = nullptr;
        for (const char* name : {"de_DE.UTF-8", "fr_FR.UTF-8", "ru_RU.UTF-8"}) {
            spoken = spoken != nullptr ? spoken : std::setlocale(LC_ALL, name);
        }
        const double read = project().number("lambda", kDefaultLambda);
        project().setNumber("lambda", 1.25);
        std::setlocale(LC_ALL, "C");
        QCOMPARE(read, 1.3);
        QCOMPARE(project().setting("lambda"), std::string("1.25"));
        QCOMPARE(project().number("absent", 4.5), 4.5);
        project().setSetting("lambda", "1,1");
        const std::string said = messageOf([this] { project().number("lambda", 1.0); });
        QVERIFY2(said.find("'lambda'") != std::string::npos, said.c_str());
        if (spoken == nullptr) {
            QSKIP("no locale with a comma is installed here: only the text was checked");
        }
    }

    // On a disk or in a folder of somebody else's.
    void aProjectThatCannotBeWrittenCanBeRead()
    {
        const auto id = m_open->add("Say hello.", "Hello.", Verdict::Criticised, "Too short.");
        m_open->project.reset();
        const std::string folder = m_open->dir.filePath(QStringLiteral("50 % #1?.stet")).toStdString();
        std::filesystem::rename(m_open->folder, folder);
        // Root may write anywhere but where there is a folder in the lock's place.
        std::filesystem::remove(folder + "/lock");
        std::filesystem::create_directory(folder + "/lock");
        {
            const auto read = Project::open(folder);
            QVERIFY(read->readOnly());
            QCOMPARE(read->item(id)->judgment, std::string("Too short."));
            QVERIFY(read->check().empty());
            const std::string said = messageOf([&] { read->submit(id, Verdict::Accepted, {}); });
            QVERIFY2(said.find("for reading only") != std::string::npos, said.c_str());
        }
        QVERIFY(!std::filesystem::exists(folder + "/project.db-shm"));
    }

    void aNewerProjectIsOpenedForReadingOnly()
    {
        const auto id = m_open->add("Say hello.", "Hello.", Verdict::Criticised, "Too short.");
        m_open->project.reset();
        SQLite::Database(m_open->folder + "/project.db", SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 999");
        m_open->reopen();
        QVERIFY(project().readOnly());
        QVERIFY2(project().readOnlyReason().find("newer Stet") != std::string::npos,
                 project().readOnlyReason().c_str());
        QCOMPARE(project().item(id)->judgment, std::string("Too short."));
        QVERIFY(!messageOf([&] { project().submit(id, Verdict::Accepted, {}); }).empty());
    }

    void everyJudgmentEverGivenIsKept()
    {
        const auto id = m_open->add("Say hello.", "Hello.", Verdict::Criticised, "Too short.");
        project().submit(id, Verdict::Criticised, "Far too short.");
        project().submit(id, Verdict::Accepted, {});
        project().undo();
        m_open->project.reset();
        SQLite::Database database(m_open->folder + "/project.db", SQLite::OPEN_READONLY);
        SQLite::Statement query(database, "SELECT text FROM judgments ORDER BY seq");
        std::vector<std::string> texts;
        while (query.executeStep()) {
            texts.push_back(query.getColumn(0).getString());
        }
        QCOMPARE(texts, (std::vector<std::string>{"Too short.", "Far too short.", "", "Far too short."}));
    }

    // Killed while it is made, it is not there; what is there is whole.
    void aProjectIsMadeWholeOrNotAtAll()
    {
        const std::string folder = m_open->dir.filePath(QStringLiteral("made.stet")).toStdString();
        const std::string said = messageOf([&] {
            Project::make(folder, "/models/one", [&](Project& made) {
                made.setSetting("title", "half");
                throw badInput("no more room in " + made.folder());
            });
        });
        QCOMPARE(said, "no more room in " + folder);
        QVERIFY(!std::filesystem::exists(folder));
        const std::string orphan = folder + ".stet-tmp-999999999-0";  // no process has such a number
        std::filesystem::create_directory(orphan);
        Project::make(folder, "/models/one", [](Project& made) { made.setSetting("title", "whole"); });
        QCOMPARE(Project::open(folder)->setting("title"), std::string("whole"));
        QVERIFY(!std::filesystem::exists(orphan));
    }

    void aBackupIsMadeWhenSomethingChanged()
    {
        QVERIFY(project().backupIfChanged().empty());  // just opened
        project().setSetting("lambda", "1.3");
        QVERIFY(!project().backupIfChanged().empty());
        QVERIFY(project().backupIfChanged().empty());
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
