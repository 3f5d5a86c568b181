// What the annotator does to a response, and undoing it. Every deed is one transaction that also writes how to undo it.
#include "annotate/store/project.h"
#include "annotate/store/sql.h"
#include "base/sha256.h"

#include <SQLiteCpp/SQLiteCpp.h>

namespace stet::annotate {

namespace {

constexpr const char* kVerdict = "verdict";
constexpr const char* kMarks = "marks";
constexpr const char* kFlag = "flagged";
constexpr const char* kTrash = "trashed";

}  // namespace

void Project::saveDraft(ResponseId id, const std::string& text)
{
    requireWritable();
    guardedSql(m_folder, [&] {
        const auto current = item(id);
        const bool same =
            current && (current->verdict == Verdict::Criticised ? text == current->judgment : text.empty());
        SQLite::Statement change(
            *m_database,
            same ? std::string("DELETE FROM drafts WHERE response = ?1")
                 : std::string("INSERT INTO drafts VALUES (?1, ?2, ") + kNow +
                    ") ON CONFLICT (response) DO UPDATE SET text = excluded.text, at = excluded.at");
        change.bind(1, id.value);
        if (!same) {
            change.bind(2, text);
        }
        change.exec();
    });
}

void Project::applyVerdict(ResponseId id, Verdict verdict, const std::string& judgment, const std::string& author)
{
    SQLite::Statement insert(
        *m_database,
        std::string("INSERT INTO judgments (response, verdict, text, author, at, sha256) VALUES (?, ?, ?, ?, ") + kNow +
            ", ?)");
    insert.bind(1, id.value);
    insert.bind(2, static_cast<int>(verdict));
    insert.bind(3, judgment);
    insert.bind(4, author);
    insert.bind(5, toHex(sha256(judgment)));
    insert.exec();
    SQLite::Statement update(*m_database,
                             "UPDATE responses SET verdict = ?, judgment = last_insert_rowid() WHERE id = ?");
    update.bind(1, static_cast<int>(verdict));
    update.bind(2, id.value);
    update.exec();
}

// The state a deed of this kind changes, as text: what undo puts back.
std::string Project::stateOf(const std::string& kind, ResponseId id) const
{
    const auto current = item(id);
    if (!current) {
        throw badInput("Response " + std::to_string(id.value) + " is not in the project " + m_folder);
    }
    if (kind == kVerdict) {
        return Json::array({static_cast<int>(current->verdict), current->judgment,
                            current->draft ? Json(*current->draft) : Json(), current->source})
            .dump();
    }
    if (kind == kMarks) {
        return marksToJson(current->marks);
    }
    SQLite::Statement query(*m_database, "SELECT " + kind + " FROM responses WHERE id = ?");
    query.bind(1, id.value);
    query.executeStep();
    return query.getColumn(0).getString();
}

void Project::apply(const std::string& kind, ResponseId id, const std::string& value)
{
    if (kind == kVerdict) {
        const Json state = parseJson(value, "undo");
        applyVerdict(id, static_cast<Verdict>(state.at(0).get<int>()), state.at(1).get<std::string>(),
                     state.at(3).get<std::string>());
        SQLite::Statement clear(*m_database, "DELETE FROM drafts WHERE response = ?");
        clear.bind(1, id.value);
        clear.exec();
        if (state.at(2).is_string()) {
            saveDraft(id, state.at(2).get<std::string>());
        }
        return;
    }
    SQLite::Statement update(*m_database, "UPDATE responses SET " + kind + " = ? WHERE id = ?");
    if (kind == kMarks) {
        update.bind(1, value);
    } else {
        update.bind(1, value == "1" ? 1 : 0);
    }
    update.bind(2, id.value);
    update.exec();
}

// A new deed ends what could be redone.
void Project::record(const std::string& kind, ResponseId id, const std::string& before, const std::string& after)
{
    m_database->exec("DELETE FROM deeds WHERE undone = 1");
    SQLite::Statement insert(*m_database, "INSERT INTO deeds (kind, response, before, after) VALUES (?, ?, ?, ?)");
    insert.bind(1, kind);
    insert.bind(2, id.value);
    insert.bind(3, before);
    insert.bind(4, after);
    insert.exec();
}

void Project::submit(ResponseId id, Verdict verdict, const std::string& judgment)
{
    requireWritable();
    guardedSql(m_folder, [&] {
        SQLite::Transaction transaction(*m_database);
        const std::string before = stateOf(kVerdict, id);
        const Json old = parseJson(before, "undo");
        // A judgment typed and then not used stays as a draft.
        const Json draft = verdict == Verdict::Criticised ? Json() : old.at(2);
        const std::string after = Json::array({static_cast<int>(verdict),
                                               verdict == Verdict::Criticised ? judgment : std::string(), draft, "you"})
                                      .dump();
        apply(kVerdict, id, after);
        record(kVerdict, id, before, after);
        transaction.commit();
    });
}

void Project::setMarks(ResponseId id, const std::vector<Mark>& marks)
{
    requireWritable();
    guardedSql(m_folder, [&] {
        SQLite::Transaction transaction(*m_database);
        const std::string before = stateOf(kMarks, id);
        apply(kMarks, id, marksToJson(marks));
        record(kMarks, id, before, marksToJson(marks));
        transaction.commit();
    });
}

void Project::setFlagged(ResponseId id, bool flagged)
{
    requireWritable();
    guardedSql(m_folder, [&] {
        SQLite::Transaction transaction(*m_database);
        const std::string before = stateOf(kFlag, id);
        apply(kFlag, id, flagged ? "1" : "0");
        record(kFlag, id, before, flagged ? "1" : "0");
        transaction.commit();
    });
}

void Project::setTrashed(ResponseId id, bool trashed)
{
    requireWritable();
    guardedSql(m_folder, [&] {
        SQLite::Transaction transaction(*m_database);
        const std::string before = stateOf(kTrash, id);
        apply(kTrash, id, trashed ? "1" : "0");
        record(kTrash, id, before, trashed ? "1" : "0");
        transaction.commit();
    });
}

std::optional<ResponseId> Project::step(bool undo)
{
    requireWritable();
    return guardedSql(m_folder, [&]() -> std::optional<ResponseId> {
        SQLite::Transaction transaction(*m_database);
        SQLite::Statement query(
            *m_database,
            undo ? "SELECT seq, kind, response, before FROM deeds WHERE undone = 0 ORDER BY seq DESC LIMIT 1"
                 : "SELECT seq, kind, response, after FROM deeds WHERE undone = 1 ORDER BY seq LIMIT 1");
        if (!query.executeStep()) {
            return std::nullopt;
        }
        const std::int64_t seq = query.getColumn(0).getInt64();
        const ResponseId id{query.getColumn(2).getInt64()};
        apply(query.getColumn(1).getString(), id, query.getColumn(3).getString());
        SQLite::Statement mark(*m_database, "UPDATE deeds SET undone = ? WHERE seq = ?");
        mark.bind(1, undo ? 1 : 0);
        mark.bind(2, seq);
        mark.exec();
        query.reset();
        transaction.commit();
        return id;
    });
}

std::optional<ResponseId> Project::undo()
{
    return step(true);
}

std::optional<ResponseId> Project::redo()
{
    return step(false);
}

}  // namespace stet::annotate
