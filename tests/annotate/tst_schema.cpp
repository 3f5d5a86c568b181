// A project of an older revision: brought up to date with everything in it, readable where it can't be written, and
// recovered when it is damaged.
#include "annotate/store/recovery.h"
#include "annotate/store/schema.h"
#include "base/sha256.h"
#include "tests/annotate/open_project.h"

#include <QtTest>

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>

using namespace stet;
using namespace stet::annotate;
using namespace stet::test;

class SchemaTest : public QObject {
    Q_OBJECT

    std::unique_ptr<OpenProject> m_open;

    Project& project() const { return *m_open->project; }

    // project.db as revision 1 left it.
    void makeOld() const
    {
        for (const char* end : {"", "-wal", "-shm"}) {
            std::filesystem::remove(m_open->folder + "/project.db" + end);
        }
        SQLite::Database old(m_open->folder + "/project.db", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        QCOMPARE(schemaRevisions().front().number, 1);
        old.exec(schemaRevisions().front().sql);
        old.exec("PRAGMA application_id = " + std::to_string(kApplicationId) + "; PRAGMA user_version = 1;");
        const auto hash = textsHash("i", "", "o", "");
        old.exec("INSERT INTO settings VALUES ('model', '/models/one'); INSERT INTO batches VALUES (1, 'b', 1, 't');"
                 "INSERT INTO responses VALUES (1, 1, '1', 'i', '', 'o', 0, '', "
                 "'{\"n\":123456789012345678901234567890,\"revision\":\"better\",\"demonstration\":\"best\",\"set\":"
                 "\"control\","
                 "\"messages\":[{\"role\":\"user\",\"content\":\"i\"}]}', '" +
                 hash + "', 2, 2, '[{\"begin\":0,\"end\":1,\"mark\":\"flag\"}]', 1, 0);" +
                 "INSERT INTO responses VALUES (2, 1, '\"b\"', 'i', '', 'o', 0, '', '{\"set\":\"train\"}', '" + hash +
                 "', 1, 3, '[]', 0, 0);");
        old.exec("INSERT INTO judgments VALUES (1, 1, 2, 'First.', 'programmatic judge', 't', '" +
                 toHex(sha256("First.")) + "'), (2, 1, 2, 'Second.', 'you', 't', '" + toHex(sha256("Second.")) +
                 "'), (3, 2, 1, '', 'import', 't', '" + toHex(sha256("")) + "');");
        old.exec("INSERT INTO deeds (kind, response, before, after) VALUES "
                 "('verdict', 1, '[2,\"First.\",null,\"programmatic judge\"]', '[2,\"Second.\",null,\"you\"]'),"
                 "('marks', 1, '[]', '[{\"begin\":0,\"end\":1,\"mark\":\"flag\"}]'), ('flagged', 1, '0', '1');");
    }

private Q_SLOTS:
    void init()
    {
        m_open = std::make_unique<OpenProject>();
        m_open->project.reset();
        makeOld();
    }

    void anOlderProjectKeepsAllThatIsInIt()
    {
        m_open->reopen();
        const auto item = *project().item({1});
        QCOMPARE(item.revision, std::optional<std::string>("better"));
        QCOMPARE(item.demonstration, std::optional<std::string>("best"));
        QCOMPARE(item.set, std::string("control"));
        const std::string messages = "[{\"role\":\"user\",\"content\":\"i\"}]";
        const std::string extra = "{\"n\":123456789012345678901234567890}";
        const std::string own = "{\"set\":\"train\"}";
        QCOMPARE(item.messages, messages);
        QCOMPARE(item.extra, extra);
        QVERIFY(item.bookmarked);
        QCOMPARE(item.judgedBy, ownPerson());
        QCOMPARE(item.markedBy, ownPerson());
        const auto other = *project().item({2});
        QVERIFY(isNobody(other.judgedBy));
        QCOMPARE(other.extra, own);  // a field of the user's own
        QVERIFY(project().check().empty());
    }

    // What was asked in it is known like that of a new project: the same instruction is held out once.
    void whatAnOlderProjectAskedIsKnown()
    {
        {
            SQLite::Database old(m_open->folder + "/project.db", SQLite::OPEN_READWRITE);
            old.exec(
                "INSERT INTO instructions VALUES (1, 'heldout', '1', 'i', '', ''), (2, 'heldout', '2', 'j', '', '')");
        }
        m_open->reopen();
        QCOMPARE(project().addInstructions(kHeldOutSet, {{"9", "j", "", "", ""}}), 0);
        QCOMPARE(project().instructions(kHeldOutSet).size(), std::size_t(2));
        QCOMPARE(project().toLearnFrom(QueueFilter::Accepted, {0}, 10).size(), std::size_t(0));
        QCOMPARE(project().items(QueueFilter::Accepted, {0}, 10).size(), std::size_t(1));
    }

    void whatWasDoneInItIsUndone()
    {
        m_open->reopen();
        QCOMPARE(project().undo(), std::optional(ResponseId{1}));
        QVERIFY(!project().item({1})->bookmarked);
        project().undo();
        QVERIFY(project().item({1})->marks.empty());
        QVERIFY(isNobody(project().item({1})->markedBy));
        project().undo();
        QCOMPARE(project().item({1})->judgment, std::string("First."));
        QCOMPARE(project().item({1})->judgedBy, program("programmatic judge"));
        project().redo();
        QCOMPARE(project().item({1})->judgedBy, ownPerson());
    }

    // A copy is brought up to date beside it.
    void anOlderProjectThatCannotBeWrittenCanBeRead()
    {
        std::filesystem::remove(m_open->folder + "/lock");
        std::filesystem::create_directory(m_open->folder + "/lock");
        const auto read = Project::open(m_open->folder);
        QVERIFY(read->readOnly());
        QCOMPARE(read->item({1})->revision, std::optional<std::string>("better"));
        SQLite::Database old(m_open->folder + "/project.db", SQLite::OPEN_READONLY);
        QCOMPARE(old.execAndGet("PRAGMA user_version").getInt(), 1);
    }

    void whatIsLeftOfAnOlderProjectIsRead()
    {
        const auto left = readWhatIsLeft(m_open->folder);
        QCOMPARE(left.responses.size(), std::size_t(2));
        QCOMPARE(left.responses[0].judgment, std::string("Second."));
        QCOMPARE(left.responses[0].judgedBy, ownPerson());
        QCOMPARE(left.responses[0].revision, std::optional<std::string>("better"));
        QVERIFY(left.changed.empty());
    }
};

QTEST_APPLESS_MAIN(SchemaTest)
#include "tst_schema.moc"
