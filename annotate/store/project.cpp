// Opening, settings, imports, backups: the folder as a whole. Queue and deeds: project_queue.cpp, project_deeds.cpp;
// rounds: project_rounds.cpp.
#include "annotate/store/project.h"

#include "annotate/store/schema.h"
#include "annotate/store/sql.h"
#include "base/failure.h"
#include "base/files.h"
#include "base/sha256.h"

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace stet::annotate {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kBackupsKept = 20;

std::string databasePath(const std::string& folder)
{
    return folder + "/project.db";
}

std::string contentHash(const NewResponse& r)
{
    return toHex(
        sha256(Json::array({r.instruction, r.input, r.output}).dump(-1, ' ', false, Json::error_handler_t::replace)));
}

}  // namespace

Project::Project(std::string folder, bool readOnly) : m_folder(std::move(folder)), m_readOnly(readOnly) { }

Project::~Project()
{
    m_database.reset();
    if (m_lock >= 0) {
        ::close(m_lock);
    }
}

std::unique_ptr<Project> Project::create(const std::string& folder, const std::string& modelFolder)
{
    if (fs::path(folder).extension() != ".stet") {
        throw Failure(FailureKind::Usage, "A project folder's name ends in .stet: '" + folder + "'");
    }
    std::error_code error;
    if (fs::exists(folder)) {
        throw badInput(folder + " exists already; choose another name or open it");
    }
    fs::create_directories(folder + "/rounds", error);
    if (error) {
        throw badInput("Cannot create " + folder + ": " + describeErrno(error.value()));
    }
    try {
        fs::create_directories(folder + "/backups");
        std::unique_ptr<Project> project(new Project(folder, false));
        project->takeLock();
        project->openDatabase(true);
        project->migrate();
        project->setSetting("model", fs::absolute(modelFolder).lexically_normal().string());
        return project;
    } catch (...) {
        fs::remove_all(folder, error);
        throw;
    }
}

std::unique_ptr<Project> Project::open(const std::string& folder)
{
    if (!fs::exists(databasePath(folder))) {
        throw badInput(folder + " is not a Stet project: it has no project.db; check the path");
    }
    std::unique_ptr<Project> project(new Project(folder, false));
    project->takeLock();
    project->openDatabase(false);
    project->migrate();
    project->removeUnpublished();
    return project;
}

// What an import left that was killed: nobody has seen it.
void Project::removeUnpublished()
{
    if (m_readOnly) {
        return;
    }
    const auto batches = guardedSql(m_folder, [&] {
        std::vector<std::int64_t> ids;
        SQLite::Statement query(*m_database, "SELECT id FROM batches WHERE published = 0");
        while (query.executeStep()) {
            ids.push_back(query.getColumn(0).getInt64());
        }
        return ids;
    });
    for (const auto batch : batches) {
        cancelBatch(batch);
    }
}

// The lock lives on a file of its own: closing any descriptor of the database would drop SQLite's locks.
void Project::takeLock()
{
    m_lock = ::open((m_folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (m_lock < 0) {
        m_readOnly = true;
        m_readOnlyReason = "The folder can't be written: " + describeErrno(errno);
        return;
    }
    if (::flock(m_lock, LOCK_EX | LOCK_NB) != 0) {
        m_readOnly = true;
        m_readOnlyReason = "Another window or command has this project open";
    }
}

void Project::openDatabase(bool create)
{
    guardedSql(m_folder, [&] {
        const int flags =
            m_readOnly ? SQLite::OPEN_READONLY : SQLite::OPEN_READWRITE | (create ? SQLite::OPEN_CREATE : 0);
        m_database = std::make_unique<SQLite::Database>(databasePath(m_folder), flags, 2000);
        // Before anything is written: every project's database has our id from its first transaction on.
        if (!create && m_database->execAndGet("PRAGMA application_id").getInt() != kApplicationId) {
            throw badInput(
                m_folder +
                "/project.db is empty or belongs to another program; it is left alone. Restore a copy from " +
                m_folder + "/backups");
        }
        m_database->exec("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA mmap_size = 0;");
        if (!m_readOnly) {
            m_database->exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
        }
    });
}

void Project::migrate()
{
    guardedSql(m_folder, [&] {
        const int have = m_database->execAndGet("PRAGMA user_version").getInt();
        const int newest = schemaRevisions().back().number;
        if (have > newest) {
            m_readOnly = true;
            m_readOnlyReason = "The project was written by a newer Stet; update to change it";
        }
        if (have >= newest || m_readOnly) {
            return;
        }
        if (have > 0) {
            backup();
        }
        SQLite::Transaction transaction(*m_database);
        for (const auto& revision : schemaRevisions()) {
            if (revision.number > have) {
                m_database->exec(revision.sql);
            }
        }
        m_database->exec("PRAGMA application_id = " + std::to_string(kApplicationId));
        m_database->exec("PRAGMA user_version = " + std::to_string(newest));
        transaction.commit();
    });
}

void Project::requireWritable() const
{
    if (m_readOnly) {
        throw badInput("The project " + m_folder + " is open for reading only: " + m_readOnlyReason);
    }
}

std::string Project::setting(const std::string& key, const std::string& fallback) const
{
    return guardedSql(m_folder, [&] {
        SQLite::Statement query(*m_database, "SELECT value FROM settings WHERE key = ?");
        query.bind(1, key);
        return query.executeStep() ? query.getColumn(0).getString() : fallback;
    });
}

void Project::setSetting(const std::string& key, const std::string& value)
{
    requireWritable();
    guardedSql(m_folder, [&] {
        SQLite::Statement insert(
            *m_database, "INSERT INTO settings VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value");
        insert.bind(1, key);
        insert.bind(2, value);
        insert.exec();
    });
}

std::int64_t Project::beginBatch(const std::string& name)
{
    requireWritable();
    return guardedSql(m_folder, [&] {
        SQLite::Statement insert(*m_database, "INSERT INTO batches (name, at) VALUES (?, " + std::string(kNow) + ")");
        insert.bind(1, name);
        insert.exec();
        return static_cast<std::int64_t>(m_database->getLastInsertRowid());
    });
}

void Project::addResponses(std::int64_t batch, const std::vector<NewResponse>& responses)
{
    requireWritable();
    guardedSql(m_folder, [&] {
        SQLite::Transaction transaction(*m_database);
        SQLite::Statement insert(*m_database,
                                 "INSERT INTO responses (batch, external_id, instruction, input, output, "
                                 "stopped_by_length, hint, extra, sha256, "
                                 "marks) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        for (const auto& r : responses) {
            insert.reset();
            insert.bind(1, batch);
            insert.bind(2, r.externalId);
            insert.bind(3, r.instruction);
            insert.bind(4, r.input);
            insert.bind(5, r.output);
            insert.bind(6, r.stoppedByLength ? 1 : 0);
            insert.bind(7, r.hint);
            insert.bind(8, r.extra);
            insert.bind(9, contentHash(r));
            insert.bind(10, marksToJson(r.marks));
            insert.exec();
            if (r.verdict != Verdict::Open) {
                applyVerdict({m_database->getLastInsertRowid()}, r.verdict, r.judgment, r.judgedBy);
            }
        }
        transaction.commit();
    });
}

void Project::publishBatch(std::int64_t batch)
{
    requireWritable();
    guardedSql(m_folder, [&] {
        SQLite::Statement update(*m_database, "UPDATE batches SET published = 1 WHERE id = ?");
        update.bind(1, batch);
        update.exec();
    });
}

void Project::cancelBatch(std::int64_t batch)
{
    requireWritable();
    guardedSql(m_folder, [&] {
        SQLite::Transaction transaction(*m_database);
        for (const char* sql : {"UPDATE responses SET judgment = NULL WHERE batch = ?",
                                "DELETE FROM judgments WHERE response IN (SELECT id FROM responses WHERE batch = ?)",
                                "DELETE FROM responses WHERE batch = ?", "DELETE FROM batches WHERE id = ?"}) {
            SQLite::Statement statement(*m_database, sql);
            statement.bind(1, batch);
            statement.exec();
        }
        transaction.commit();
    });
}

void Project::addInstructions(const std::string& set, const std::vector<Instruction>& instructions)
{
    requireWritable();
    guardedSql(m_folder, [&] {
        SQLite::Transaction transaction(*m_database);
        SQLite::Statement insert(
            *m_database,
            "INSERT INTO instructions (in_set, external_id, instruction, input, output) VALUES (?, ?, ?, ?, ?)");
        for (const auto& one : instructions) {
            insert.reset();
            insert.bind(1, set);
            insert.bind(2, one.externalId);
            insert.bind(3, one.instruction);
            insert.bind(4, one.input);
            insert.bind(5, one.output);
            insert.exec();
        }
        transaction.commit();
    });
}

std::vector<Instruction> Project::instructions(const std::string& set) const
{
    return guardedSql(m_folder, [&] {
        std::vector<Instruction> list;
        SQLite::Statement query(
            *m_database,
            "SELECT external_id, instruction, input, output FROM instructions WHERE in_set = ? ORDER BY id");
        query.bind(1, set);
        while (query.executeStep()) {
            list.push_back({query.getColumn(0), query.getColumn(1), query.getColumn(2), query.getColumn(3)});
        }
        return list;
    });
}

std::string Project::backup()
{
    const std::string folder = m_folder + "/backups";
    const std::string stamp = guardedSql(
        m_folder, [&] { return m_database->execAndGet("SELECT strftime('%Y%m%d-%H%M%f', 'now')").getString(); });
    std::string path = folder + "/project-" + stamp + ".db";
    const std::string temporary = path + ".stet-tmp-backup";
    guardedSql(m_folder, [&] {
        fs::create_directories(folder);
        {
            SQLite::Database copy(temporary, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
            SQLite::Backup(copy, *m_database).executeStep();
            if (copy.execAndGet("PRAGMA quick_check").getString() != "ok") {
                throw badInput("The backup of " + m_folder + " could not be verified");
            }
        }
        fs::rename(temporary, path);
        syncFolder(folder);
    });
    std::vector<fs::path> copies;
    for (const auto& entry : fs::directory_iterator(folder)) {
        copies.push_back(entry.path());
    }
    std::sort(copies.rbegin(), copies.rend());
    std::error_code ignored;
    for (std::size_t i = kBackupsKept; i < copies.size(); ++i) {
        fs::remove(copies[i], ignored);
    }
    return path;
}

std::vector<std::string> Project::check() const
{
    return guardedSql(m_folder, [&] {
        std::vector<std::string> problems;
        SQLite::Statement integrity(*m_database, "PRAGMA integrity_check");
        while (integrity.executeStep()) {
            if (integrity.getColumn(0).getString() != "ok") {
                problems.push_back("project.db: " + integrity.getColumn(0).getString());
            }
        }
        SQLite::Statement keys(*m_database, "PRAGMA foreign_key_check");
        while (keys.executeStep()) {
            problems.push_back("project.db: a row of '" + keys.getColumn(0).getString() + "' refers to nothing");
        }
        SQLite::Statement rows(*m_database, "SELECT id, instruction, input, output, sha256 FROM responses");
        while (rows.executeStep()) {
            NewResponse r;
            r.instruction = rows.getColumn(1).getString();
            r.input = rows.getColumn(2).getString();
            r.output = rows.getColumn(3).getString();
            if (contentHash(r) != rows.getColumn(4).getString()) {
                problems.push_back("response " + rows.getColumn(0).getString() +
                                   ": its text is not the one that was stored");
            }
        }
        SQLite::Statement judgments(*m_database, "SELECT seq, text, sha256 FROM judgments");
        while (judgments.executeStep()) {
            if (toHex(sha256(judgments.getColumn(1).getString())) != judgments.getColumn(2).getString()) {
                problems.push_back("judgment " + judgments.getColumn(0).getString() +
                                   ": its text is not the one that was stored");
            }
        }
        for (const auto& round : rounds()) {
            if (round.state == RoundState::Finished && !fs::exists(adapterFolder(round.number))) {
                problems.push_back("round " + std::to_string(round.number) + ": its adapter is missing");
            }
        }
        return problems;
    });
}

std::string marksToJson(const std::vector<Mark>& marks)
{
    Json list = Json::array();
    for (const auto& mark : marks) {
        list.push_back(
            {{"begin", mark.begin}, {"end", mark.end}, {"mark", mark.kind == MarkKind::Flag ? "flag" : "clear"}});
    }
    return list.dump();
}

std::vector<Mark> marksFromJson(const std::string& json)
{
    std::vector<Mark> marks;
    for (const auto& mark : parseJson(json, "marks")) {
        marks.push_back({mark.at("begin").get<int>(), mark.at("end").get<int>(),
                         mark.at("mark") == "flag" ? MarkKind::Flag : MarkKind::Clear});
    }
    return marks;
}

std::string verdictName(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Accepted:
        return "accepted";
    case Verdict::Criticised:
        return "criticised";
    case Verdict::Skipped:
        return "skipped";
    case Verdict::Open:
        break;
    }
    return "open";
}

}  // namespace stet::annotate
