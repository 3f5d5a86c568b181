// The project folder: what is written is there, undone and redone, found again; two programs at once; damage is named.
#include "annotate/store/project.h"
#include "base/failure.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <functional>

using namespace stet;
using namespace stet::annotate;

namespace {

std::string failureOf(const std::function<void()>& action)
{
    try {
        action();
    } catch (const Failure& failure) {
        return failure.what();
    }
    return "nothing failed";
}

}  // namespace

class ProjectTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_temporary;
    std::unique_ptr<Project> m_project;

    std::string folder() const { return m_temporary->filePath(QStringLiteral("p.stet")).toStdString(); }

    ResponseId add(const std::string& instruction, const std::string& output, Verdict verdict = Verdict::Open,
                   const std::string& judgment = {})
    {
        NewResponse response;
        response.externalId = std::to_string(m_project->counts().total + 1);
        response.instruction = instruction;
        response.output = output;
        response.verdict = verdict;
        response.judgment = judgment;
        const auto batch = m_project->beginBatch("test");
        m_project->addResponses(batch, {response});
        m_project->publishBatch(batch);
        return *m_project->findExternal(response.externalId);
    }

    void reopen()
    {
        m_project.reset();
        m_project = Project::open(folder());
    }

private Q_SLOTS:
    void init()
    {
        m_temporary = std::make_unique<QTemporaryDir>();
        m_project = Project::create(folder(), "/models/one");
    }

    void cleanup() { m_project.reset(); }

    void settingsAndTextsAreThereAfterReopening()
    {
        m_project->setSetting("lambda", "1.3");
        const auto id = add("Say hello.", "Hello.");
        m_project->saveDraft(id, "half");
        m_project->submit(id, Verdict::Criticised, "Too short.");
        m_project->setMarks(id, {{0, 5, MarkKind::Flag}});
        reopen();
        QCOMPARE(m_project->setting("model"), std::string("/models/one"));
        QCOMPARE(m_project->setting("lambda"), std::string("1.3"));
        const auto item = *m_project->item(id);
        QCOMPARE(item.verdict, Verdict::Criticised);
        QCOMPARE(item.judgment, std::string("Too short."));
        QCOMPARE(item.source, std::string("you"));
        QCOMPARE(item.marks, (std::vector<Mark>{{0, 5, MarkKind::Flag}}));
        QVERIFY(!item.draft);  // submitting takes the draft's place
        QVERIFY(m_project->check().empty());
    }

    void aDraftStaysUntilItEqualsWhatWasSubmitted()
    {
        const auto id = add("a", "b");
        m_project->submit(id, Verdict::Criticised, "one");
        m_project->saveDraft(id, "one and more");
        reopen();
        QCOMPARE(m_project->item(id)->draft, std::optional<std::string>("one and more"));
        QCOMPARE(m_project->item(id)->judgment, std::string("one"));
        QCOMPARE(m_project->counts().draft, 1);
        m_project->saveDraft(id, "one");
        QVERIFY(!m_project->item(id)->draft);
    }

    void everyDeedIsUndoneAndRedoneAlsoAfterReopening()
    {
        const auto id = add("a", "b");
        m_project->submit(id, Verdict::Criticised, "first");
        m_project->submit(id, Verdict::Criticised, "second");
        m_project->setTrashed(id, true);
        reopen();
        QCOMPARE(m_project->undo(), std::optional(id));
        QCOMPARE(m_project->counts().trash, 0);
        QCOMPARE(m_project->undo(), std::optional(id));
        QCOMPARE(m_project->item(id)->judgment, std::string("first"));
        QCOMPARE(m_project->undo(), std::optional(id));
        QCOMPARE(m_project->item(id)->verdict, Verdict::Open);
        QVERIFY(!m_project->undo());
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(m_project->redo(), std::optional(id));
        }
        QVERIFY(!m_project->redo());
        QCOMPARE(m_project->item(id)->judgment, std::string("second"));
        QCOMPARE(m_project->counts().trash, 1);
        // A new deed ends what could be redone.
        m_project->undo();
        m_project->setFlagged(id, true);
        QVERIFY(!m_project->redo());
    }

    void theTrashIsATombstone()
    {
        const auto id = add("a", "b", Verdict::Accepted);
        m_project->setTrashed(id, true);
        QCOMPARE(m_project->counts().total, 0);
        QCOMPARE(m_project->counts().accepted, 0);
        QVERIFY(m_project->page(QueueFilter::All, {}, {0}, 10).rows.empty());
        QCOMPARE(m_project->page(QueueFilter::Trash, {}, {0}, 10).rows.size(), std::size_t{1});
        m_project->setTrashed(id, false);
        QCOMPARE(m_project->counts().accepted, 1);
    }

    void searchFindsSubstringsAlsoTwoChineseCharacters_data()
    {
        QTest::addColumn<QString>("word");
        QTest::addColumn<int>("found");
        QTest::newRow("in an instruction") << "eath" << 1;
        QTest::newRow("in a response") << "sunny" << 1;
        QTest::newRow("in a judgment") << "longwinded" << 1;
        QTest::newRow("two characters") << "天气" << 1;
        QTest::newRow("one character") << "好" << 1;
        QTest::newRow("case") << "WEATHER" << 1;
        QTest::newRow("a wildcard is text") << "%" << 0;
        QTest::newRow("a quote is text") << "' OR 1=1 --" << 0;
        QTest::newRow("nothing") << "snow" << 0;
        QTest::newRow("all") << "" << 3;
    }

    void searchFindsSubstringsAlsoTwoChineseCharacters()
    {
        add("How is the weather?", "It is sunny.");
        add("今天天气怎么样？", "很好。");
        add("Sum up.", "Well, it began long ago …", Verdict::Criticised, "longwinded");
        QFETCH(QString, word);
        QFETCH(int, found);
        QCOMPARE(static_cast<int>(m_project->page(QueueFilter::All, word.toStdString(), {0}, 10).rows.size()), found);
    }

    void theQueueComesInPagesAndFilters()
    {
        for (int i = 0; i < 25; ++i) {
            add("question " + std::to_string(i), "answer", i % 5 == 0 ? Verdict::Accepted : Verdict::Open);
        }
        const auto first = m_project->page(QueueFilter::All, {}, {0}, 20);
        QCOMPARE(first.rows.size(), std::size_t{20});
        QVERIFY(first.more);
        const auto rest = m_project->page(QueueFilter::All, {}, first.rows.back().id, 20);
        QCOMPARE(rest.rows.size(), std::size_t{5});
        QVERIFY(!rest.more);
        QCOMPARE(m_project->page(QueueFilter::Accepted, {}, {0}, 20).rows.size(), std::size_t{5});
        QCOMPARE(m_project->position(rest.rows.back().id), 25);
        const auto open = *m_project->firstOpen();
        QCOMPARE(m_project->position(open), 2);
        QCOMPARE(m_project->position(*m_project->neighbour(open, true, QueueFilter::Accepted, {})), 6);
        QVERIFY(!m_project->neighbour(first.rows.front().id, false, QueueFilter::All, {}));
    }

    void anImportThatIsNotPublishedLeavesNothing()
    {
        const auto batch = m_project->beginBatch("test");
        NewResponse response;
        response.externalId = "1";
        response.instruction = "a";
        response.output = "b";
        m_project->addResponses(batch, {response});
        QCOMPARE(m_project->counts().total, 0);
        reopen();  // the program was killed in the midst of it
        QCOMPARE(m_project->counts().total, 0);
        QVERIFY(!m_project->findExternal("1"));
        const auto again = m_project->beginBatch("test");
        m_project->addResponses(again, {response});
        m_project->cancelBatch(again);
        QCOMPARE(m_project->counts().total, 0);
    }

    void aSecondProgramReadsOnlyAndSaysSo()
    {
        const auto id = add("a", "b");
        const auto second = Project::open(folder());
        QVERIFY(second->readOnly());
        QVERIFY2(!second->readOnlyReason().empty(), "a reason is given");
        QCOMPARE(second->item(id)->instruction, std::string("a"));
        const auto said = failureOf([&] { second->submit(id, Verdict::Accepted, {}); });
        QVERIFY2(said.find("read") != std::string::npos, said.c_str());
        m_project->submit(id, Verdict::Accepted, {});
        QCOMPARE(second->item(id)->verdict, Verdict::Accepted);
    }

    void roundsAreWrittenDownAndOneIsAdopted()
    {
        add("a", "b", Verdict::Criticised, "wrong");
        const int one = m_project->addRound(0, "stable");
        QCOMPARE(one, 1);
        m_project->writeRoundInput(one);
        QVERIFY(std::filesystem::exists(m_project->roundFolder(one) + "/round.json"));
        QVERIFY(std::filesystem::exists(m_project->roundFolder(one) + "/examples.jsonl"));
        auto record = m_project->rounds().front();
        record.state = RoundState::Finished;
        record.stepsDone = 32;
        m_project->updateRound(record);
        m_project->adopt(one);
        reopen();
        QCOMPARE(m_project->currentRound(), 1);
        QCOMPARE(m_project->rounds().front().stepsDone, 32);
        QVERIFY(m_project->rounds().front().adopted);
        m_project->adopt(0);
        QCOMPARE(m_project->currentRound(), 0);
        m_project->setChoice(one, "\"h1\"", "after");
        QCOMPARE(m_project->choices(one).front().second, std::string("after"));
    }

    void aBackupIsAWholeProject()
    {
        const auto id = add("a", "b", Verdict::Accepted);
        const std::string copy = m_project->backup();
        QVERIFY(std::filesystem::exists(copy));
        m_project->setTrashed(id, true);
        m_project.reset();
        std::filesystem::remove(folder() + "/project.db-wal");
        std::filesystem::remove(folder() + "/project.db-shm");
        std::filesystem::copy_file(copy, folder() + "/project.db", std::filesystem::copy_options::overwrite_existing);
        reopen();
        QCOMPARE(m_project->counts().accepted, 1);
        QVERIFY(m_project->check().empty());
    }

    void whatIsNoProjectIsNamed()
    {
        auto said = failureOf([this] { (void)Project::open(folder() + "-absent"); });
        QVERIFY2(said.find("-absent") != std::string::npos, said.c_str());
        const std::string empty = m_temporary->filePath(QStringLiteral("empty.stet")).toStdString();
        std::filesystem::create_directory(empty);
        said = failureOf([&] { (void)Project::open(empty); });
        QVERIFY2(said.find("empty.stet") != std::string::npos, said.c_str());
        said = failureOf([this] { (void)Project::create(folder(), "/models/one"); });
        QVERIFY2(said.find("p.stet") != std::string::npos && said != "nothing failed", said.c_str());
    }

    // An emptied database must not become a new, empty project: the person's work is in backups/.
    void anEmptiedOrForeignDatabaseIsLeftAlone()
    {
        m_project.reset();
        const QString path = QString::fromStdString(folder()) + QStringLiteral("/project.db");
        for (const QString& side : {QStringLiteral("-wal"), QStringLiteral("-shm"), QString()}) {
            QFile::remove(path + side);
        }
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.close();
        auto said = failureOf([this] { (void)Project::open(folder()); });
        QVERIFY2(said.find("/backups") != std::string::npos, said.c_str());
        QCOMPARE(QFileInfo(path).size(), qint64(0));

        {
            SQLite::Database foreign(path.toStdString(), SQLite::OPEN_READWRITE);
            foreign.exec("CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup');");
        }
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray before = file.readAll();
        file.close();
        said = failureOf([this] { (void)Project::open(folder()); });
        QVERIFY2(said.find("/backups") != std::string::npos, said.c_str());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), before);
    }

    void aDamagedFileIsNamedAndNothingIsOverwritten()
    {
        add("a", "b");
        m_project.reset();
        QFile file(QString::fromStdString(folder()) + QStringLiteral("/project.db"));
        QVERIFY(file.open(QIODevice::ReadWrite));
        file.seek(0);
        file.write(QByteArray(4096, 'x'));
        file.close();
        const auto said = failureOf([this] { (void)Project::open(folder()); });
        QVERIFY2(said.find("p.stet") != std::string::npos, said.c_str());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.read(4), QByteArray("xxxx"));
    }

    void aChangedTextIsFoundByTheCheck()
    {
        add("a", "the response as it was imported");
        m_project.reset();
        QFile file(QString::fromStdString(folder()) + QStringLiteral("/project.db"));
        QVERIFY(file.open(QIODevice::ReadWrite));
        QByteArray all = file.readAll();
        QVERIFY(all.contains("as it was imported"));
        all.replace("as it was imported", "as it was exported");
        file.seek(0);
        file.write(all);
        file.close();
        reopen();
        QVERIFY(!m_project->check().empty());
    }
};

QTEST_APPLESS_MAIN(ProjectTest)
#include "tst_project.moc"
