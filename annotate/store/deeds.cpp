#include "annotate/store/deeds.h"

#include "annotate/store/judgments.h"
#include "annotate/store/response_queue.h"
#include "annotate/store/sql.h"
#include "base/json.h"

namespace stet::annotate {

namespace {

constexpr const char* kVerdict = "verdict";
constexpr const char* kMarks = "marks";
constexpr const char* kFlag = "flagged";
constexpr const char* kTrash = "trashed";

}  // namespace

void Deeds::saveDraft(ResponseId id, const std::string& text)
{
    writing(m_project, [&](auto&) { writeDraft(id, text); });
}

void Deeds::submit(ResponseId id, Verdict verdict, const std::string& judgment)
{
    change(kVerdict, id, [&](const std::string& before) {
        const bool criticised = verdict == Verdict::Criticised;
        // A judgment typed and then not used stays as a draft.
        const Json draft = criticised ? Json() : parseJson(before, "undo").at(2);
        return Json::array({static_cast<int>(verdict), criticised ? judgment : std::string(), draft, "you"}).dump();
    });
}

void Deeds::setMarks(ResponseId id, const std::vector<Mark>& marks)
{
    change(kMarks, id, [&](const auto&) { return contract::marksToText(marks); });
}

void Deeds::setFlagged(ResponseId id, bool flagged)
{
    change(kFlag, id, [&](const auto&) { return flagged ? "1" : "0"; });
}

void Deeds::setTrashed(ResponseId id, bool trashed)
{
    change(kTrash, id, [&](const auto&) { return trashed ? "1" : "0"; });
}

std::optional<ResponseId> Deeds::undo()
{
    return step(true);
}

std::optional<ResponseId> Deeds::redo()
{
    return step(false);
}

void Deeds::change(const std::string& kind, ResponseId id, const Change& after)
{
    writing(m_project, [&](auto&) {
        const std::string before = stateOf(kind, id);
        const std::string state = after(before);
        apply(kind, id, state);
        record(kind, id, before, state);
    });
}

std::string Deeds::stateOf(const std::string& kind, ResponseId id) const
{
    const auto current = m_queue.item(id);
    if (!current) {
        throw badInput("Response " + std::to_string(id.value) + " is not in the project " + m_project.folder());
    }
    if (kind == kVerdict) {
        return Json::array({static_cast<int>(current->verdict), current->judgment,
                            current->draft ? Json(*current->draft) : Json(), current->source})
            .dump();
    }
    if (kind == kMarks) {
        return contract::marksToText(current->marks);
    }
    SQLite::Statement query(m_project.database(), "SELECT " + kind + " FROM responses WHERE id = ?");
    query.bind(1, id.value);
    query.executeStep();
    return query.getColumn(0).getString();
}

void Deeds::apply(const std::string& kind, ResponseId id, const std::string& state)
{
    if (kind == kVerdict) {
        applyVerdict(id, state);
        return;
    }
    SQLite::Statement update(m_project.database(), "UPDATE responses SET " + kind + " = ? WHERE id = ?");
    if (kind == kMarks) {
        update.bind(1, state);
    } else {
        update.bind(1, state == "1" ? 1 : 0);
    }
    update.bind(2, id.value);
    update.exec();
}

void Deeds::applyVerdict(ResponseId id, const std::string& state)
{
    const Json parts = parseJson(state, "undo");
    addJudgment(m_project.database(), id, static_cast<Verdict>(parts.at(0).get<int>()), parts.at(1).get<std::string>(),
                parts.at(3).get<std::string>());
    SQLite::Statement clear(m_project.database(), "DELETE FROM drafts WHERE response = ?");
    clear.bind(1, id.value);
    clear.exec();
    if (parts.at(2).is_string()) {
        writeDraft(id, parts.at(2).get<std::string>());
    }
}

void Deeds::writeDraft(ResponseId id, const std::string& text)
{
    const auto current = m_queue.item(id);
    const bool same = current && (current->verdict == Verdict::Criticised ? text == current->judgment : text.empty());
    SQLite::Statement change(m_project.database(),
                             same ? std::string("DELETE FROM drafts WHERE response = ?1")
                                  : std::string("INSERT INTO drafts VALUES (?1, ?2, ") + kNow +
                                     ") ON CONFLICT (response) DO UPDATE SET text = excluded.text, at = excluded.at");
    change.bind(1, id.value);
    if (!same) {
        change.bind(2, text);
    }
    change.exec();
}

// A new deed ends what could be redone.
void Deeds::record(const std::string& kind, ResponseId id, const std::string& before, const std::string& after)
{
    auto& database = m_project.database();
    database.exec("DELETE FROM deeds WHERE undone = 1");
    SQLite::Statement insert(database, "INSERT INTO deeds (kind, response, before, after) VALUES (?, ?, ?, ?)");
    insert.bind(1, kind);
    insert.bind(2, id.value);
    insert.bind(3, before);
    insert.bind(4, after);
    insert.exec();
}

std::optional<ResponseId> Deeds::step(bool undo)
{
    return writing(m_project, [&](auto& database) -> std::optional<ResponseId> {
        SQLite::Statement query(
            database,
            undo ? "SELECT seq, kind, response, before FROM deeds WHERE undone = 0 ORDER BY seq DESC LIMIT 1"
                 : "SELECT seq, kind, response, after FROM deeds WHERE undone = 1 ORDER BY seq LIMIT 1");
        if (!query.executeStep()) {
            return std::nullopt;
        }
        const std::int64_t seq = query.getColumn(0).getInt64();
        const ResponseId id{query.getColumn(2).getInt64()};
        apply(query.getColumn(1).getString(), id, query.getColumn(3).getString());
        SQLite::Statement mark(database, "UPDATE deeds SET undone = ? WHERE seq = ?");
        mark.bind(1, undo ? 1 : 0);
        mark.bind(2, seq);
        mark.exec();
        return id;
    });
}

}  // namespace stet::annotate
