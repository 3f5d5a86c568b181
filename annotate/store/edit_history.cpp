#include "annotate/store/edit_history.h"

#include "annotate/judgment/drafted_judgment.h"
#include "annotate/store/author_columns.h"
#include "annotate/store/response_queue.h"
#include "annotate/store/settings.h"
#include "annotate/store/sql.h"
#include "annotate/store/texts.h"
#include "base/json.h"

namespace stet::annotate {

namespace {

constexpr const char* kVerdict = "verdict";
constexpr const char* kMarks = "marks";
constexpr const char* kSuggestion = "suggestion";
constexpr const char* kBookmark = "bookmarked";
constexpr const char* kTrash = "trashed";

// Of a bookmark or the trash.
std::string columnOf(const std::string& kind)
{
    return kind == kBookmark ? "flagged" : kind;
}

// A correction that changes nothing is none.
std::optional<std::string> correctionOf(const ResponseItem& item, const std::string& text)
{
    return text.empty() || (item.hasOutput && text == item.output) ? std::nullopt : std::optional(text);
}

Json optionalJson(const std::optional<std::string>& text)
{
    return text ? Json(*text) : Json();
}

std::optional<std::string> optionalText(const Json& json)
{
    return json.is_string() ? std::optional(json.get<std::string>()) : std::nullopt;
}

Json revisionState(const std::optional<std::string>& text, const Author& author,
                   const std::optional<std::string>& draft)
{
    return {{"text", optionalJson(text)}, {"author", authorToJson(author)}, {"draft", optionalJson(draft)}};
}

// nullopt: there is none.
void keepDraft(SQLite::Database& database, const std::string& table, ResponseId id,
               const std::optional<std::string>& text)
{
    SQLite::Statement change(database,
                             text ? "INSERT INTO " + table + " VALUES (?1, ?2, " + kNow +
                                     ") ON CONFLICT (response) DO UPDATE SET text = excluded.text, at = excluded.at"
                                  : "DELETE FROM " + table + " WHERE response = ?1");
    change.bind(1, id.value);
    if (text) {
        change.bind(2, *text);
    }
    change.exec();
}

Json suggestionState(const std::string& text, const Author& author)
{
    return {{"text", text}, {"author", authorToJson(author)}};
}

Json markState(const std::vector<Mark>& marks, const Author& author)
{
    return {{"marks", contract::Codec<std::vector<Mark>>::write(marks)}, {"author", authorToJson(author)}};
}

}  // namespace

void EditHistory::saveDraft(ResponseId id, const std::string& text)
{
    writing(m_project, [&](auto&) { writeDraft(id, text); });
}

void EditHistory::saveRevisionDraft(ResponseId id, const std::string& text)
{
    writing(m_project, [&](auto&) { writeRevisionDraft(id, text); });
}

void EditHistory::submit(ResponseId id, Verdict verdict, const std::string& judgment,
                         const std::optional<std::string>& revision)
{
    change(kVerdict, id, [&](const std::string& before) {
        const Json was = parseJson(before, "undo");
        const bool criticised = verdict == Verdict::Criticised;
        // A judgment typed and then not used stays as a draft.
        const Author author = judgmentAuthor(*m_queue.item(id), verdict, judgment, annotator());
        return Json::array({static_cast<int>(verdict), criticised ? judgment : std::string(),
                            criticised ? Json() : was.at(2), authorToJson(author),
                            revision ? revisedState(id, *revision) : was.at(4)})
            .dump();
    });
}

// One that is submitted as it was stays whose it is.
Json EditHistory::revisedState(ResponseId id, const std::string& revision) const
{
    const auto item = m_queue.item(id);
    const auto text = correctionOf(*item, revision);
    return revisionState(text, text == item->revision ? item->revisedBy : annotator(), std::nullopt);
}

void EditHistory::setMarks(ResponseId id, const std::vector<Mark>& marks)
{
    change(kMarks, id, [&](const auto&) { return markState(marks, annotator()).dump(); });
}

void EditHistory::setBookmarked(ResponseId id, bool bookmarked)
{
    change(kBookmark, id, [&](const auto&) { return bookmarked ? "1" : "0"; });
}

// Its author is then whoever said that there is none.
void EditHistory::dropSuggestion(ResponseId id)
{
    change(kSuggestion, id, [&](const auto&) { return suggestionState({}, annotator()).dump(); });
}

void EditHistory::setTrashed(ResponseId id, bool trashed)
{
    change(kTrash, id, [&](const auto&) { return trashed ? "1" : "0"; });
}

Author EditHistory::annotator() const
{
    return ownPerson(m_settings.setting("annotator"));
}

std::optional<ResponseId> EditHistory::undo()
{
    return step(true);
}

std::optional<ResponseId> EditHistory::redo()
{
    return step(false);
}

void EditHistory::change(const std::string& kind, ResponseId id, const Change& after)
{
    writing(m_project, [&](auto&) {
        const std::string before = stateOf(kind, id);
        const std::string state = after(before);
        apply(kind, id, state);
        record(kind, id, before, state);
    });
}

std::string EditHistory::stateOf(const std::string& kind, ResponseId id) const
{
    const auto current = m_queue.item(id);
    if (!current) {
        throw badInput("Response " + std::to_string(id.value) + " is not in the project " + m_project.folder());
    }
    if (kind == kVerdict) {
        return Json::array({static_cast<int>(current->verdict), current->judgment, optionalJson(current->draft),
                            authorToJson(current->judgedBy),
                            revisionState(current->revision, current->revisedBy, current->revisionDraft)})
            .dump();
    }
    if (kind == kMarks) {
        return markState(current->marks, current->markedBy).dump();
    }
    if (kind == kSuggestion) {
        return suggestionState(current->hint, current->hintedBy).dump();
    }
    SQLite::Statement query(m_project.database(), "SELECT " + columnOf(kind) + " FROM responses WHERE id = ?");
    query.bind(1, id.value);
    query.executeStep();
    return query.getColumn(0).getString();
}

void EditHistory::apply(const std::string& kind, ResponseId id, const std::string& state)
{
    if (kind == kVerdict) {
        applyVerdict(id, state);
        return;
    }
    if (kind == kMarks) {
        applyMarks(id, state);
        return;
    }
    if (kind == kSuggestion) {
        applySuggestion(id, state);
        return;
    }
    SQLite::Statement update(m_project.database(), "UPDATE responses SET " + columnOf(kind) + " = ? WHERE id = ?");
    update.bind(1, state == "1" ? 1 : 0);
    update.bind(2, id.value);
    update.exec();
}

void EditHistory::applyMarks(ResponseId id, const std::string& state)
{
    const Json parts = parseJson(state, "undo");
    SQLite::Statement update(m_project.database(),
                             "UPDATE responses SET marks = ?, (" + authorColumns("marks_author") +
                                 ") = (?, ?, ?, ?) WHERE id = ?");
    update.bind(1, parts.at("marks").dump());
    bindAuthor(update, 2, authorFromJson(parts.at("author")).value_or(Author()));
    update.bind(2 + kAuthorColumns, id.value);
    update.exec();
}

void EditHistory::applySuggestion(ResponseId id, const std::string& state)
{
    const Json parts = parseJson(state, "undo");
    SQLite::Statement update(m_project.database(),
                             "UPDATE responses SET hint = ?, (" + authorColumns("hint_author") +
                                 ") = (?, ?, ?, ?) WHERE id = ?");
    update.bind(1, parts.at("text").get<std::string>());
    bindAuthor(update, 2, authorFromJson(parts.at("author")).value_or(Author()));
    update.bind(2 + kAuthorColumns, id.value);
    update.exec();
}

void EditHistory::applyVerdict(ResponseId id, const std::string& state)
{
    const Json parts = parseJson(state, "undo");
    addJudgment(m_project.database(), id, static_cast<Verdict>(parts.at(0).get<int>()), parts.at(1).get<std::string>(),
                authorFromJson(parts.at(3)).value_or(Author()));
    SQLite::Statement clear(m_project.database(), "DELETE FROM drafts WHERE response = ?");
    clear.bind(1, id.value);
    clear.exec();
    if (parts.at(2).is_string()) {
        writeDraft(id, parts.at(2).get<std::string>());
    }
    constexpr std::size_t kWithRevision = 5;  // what was done before there were corrections says nothing of them
    if (parts.size() >= kWithRevision) {
        applyRevision(id, parts.at(4));
    }
}

void EditHistory::applyRevision(ResponseId id, const Json& state)
{
    auto& database = m_project.database();
    const auto text = optionalText(state.at("text"));
    if (!text) {
        withdrawBetterAnswer(database, id, kRevision);
    } else if (text != m_queue.item(id)->revision) {
        addBetterAnswer(database, id, kRevision, *text, authorFromJson(state.at("author")).value_or(Author()));
    }
    const auto draft = optionalText(state.at("draft"));
    writeRevisionDraft(id, draft.value_or(text.value_or(std::string())));
}

void EditHistory::writeDraft(ResponseId id, const std::string& text)
{
    const auto current = m_queue.item(id);
    const bool same = current && (current->verdict == Verdict::Criticised ? text == current->judgment : text.empty());
    keepDraft(m_project.database(), "drafts", id, same ? std::nullopt : std::optional(text));
}

void EditHistory::writeRevisionDraft(ResponseId id, const std::string& text)
{
    const auto current = m_queue.item(id);
    const bool same = current && correctionOf(*current, text) == current->revision;
    keepDraft(m_project.database(), "revision_drafts", id, same ? std::nullopt : std::optional(text));
}

// A new edit ends what could be redone.
void EditHistory::record(const std::string& kind, ResponseId id, const std::string& before, const std::string& after)
{
    auto& database = m_project.database();
    database.exec("DELETE FROM edits WHERE undone = 1");
    SQLite::Statement insert(database, "INSERT INTO edits (kind, response, before, after) VALUES (?, ?, ?, ?)");
    insert.bind(1, kind);
    insert.bind(2, id.value);
    insert.bind(3, before);
    insert.bind(4, after);
    insert.exec();
}

std::optional<ResponseId> EditHistory::step(bool undo)
{
    return writing(m_project, [&](auto& database) -> std::optional<ResponseId> {
        SQLite::Statement query(
            database,
            undo ? "SELECT seq, kind, response, before FROM edits WHERE undone = 0 ORDER BY seq DESC LIMIT 1"
                 : "SELECT seq, kind, response, after FROM edits WHERE undone = 1 ORDER BY seq LIMIT 1");
        if (!query.executeStep()) {
            return std::nullopt;
        }
        const std::int64_t seq = query.getColumn(0).getInt64();
        const ResponseId id{query.getColumn(2).getInt64()};
        apply(query.getColumn(1).getString(), id, query.getColumn(3).getString());
        SQLite::Statement mark(database, "UPDATE edits SET undone = ? WHERE seq = ?");
        mark.bind(1, undo ? 1 : 0);
        mark.bind(2, seq);
        mark.exec();
        return id;
    });
}

}  // namespace stet::annotate
