#include "annotate/store/schema_revision_2.h"

#include "annotate/store/import_batches.h"
#include "annotate/store/texts.h"
#include "base/json.h"
#include "base/json_text.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>
#include <vector>

namespace stet::annotate {

namespace {

Author authorOfOldName(const std::string& name)
{
    return name == "you"                                          ? ownPerson()
        : name.empty() || name == "import" || name == "recovered" ? Author()
                                                                  : program(name);
}

std::string newVerdict(const std::string& state)
{
    Json parts = parseJson(state, "undo");
    parts.at(3) = authorToJson(authorOfOldName(parts.at(3).get<std::string>()));
    return parts.dump();
}

std::string newMarks(const std::string& state)
{
    const Json marks = parseJson(state, "undo");
    return Json{{"marks", marks}, {"author", authorToJson(marks.empty() ? Author() : ownPerson())}}.dump();
}

void rewriteStates(SQLite::Database& database, const char* kind, std::string (*rewritten)(const std::string&))
{
    SQLite::Statement rows(database, "SELECT seq, before, after FROM edits WHERE kind = ?");
    SQLite::Statement update(database, "UPDATE edits SET before = ?, after = ? WHERE seq = ?");
    rows.bind(1, kind);
    while (rows.executeStep()) {
        update.reset();
        update.bind(1, rewritten(rows.getColumn(1).getString()));
        update.bind(2, rewritten(rows.getColumn(2).getString()));
        update.bind(3, rows.getColumn(0).getInt64());
        update.exec();
    }
}

void setColumn(SQLite::Database& database, ResponseId id, const char* column, const std::string& value)
{
    SQLite::Statement update(database, "UPDATE responses SET " + std::string(column) + " = ? WHERE id = ?");
    update.bind(1, value);
    update.bind(2, id.value);
    update.exec();
}

void moveFields(SQLite::Database& database, ResponseId id)
{
    SQLite::Statement row(database, "SELECT instruction, input, output, extra, sha256 FROM responses WHERE id = ?");
    row.bind(1, id.value);
    row.executeStep();
    NewResponse r;
    r.instruction = row.getColumn(0).getString();
    r.input = row.getColumn(1).getString();
    r.output = row.getColumn(2).getString();
    r.extra = row.getColumn(3).getString();
    const bool sound = textsHash(r.instruction, r.input, r.output, {}) == row.getColumn(4).getString();
    row.reset();
    takeMeantFields(r);
    if (r.revision) {
        addBetterAnswer(database, id, kRevision, *r.revision, {});
    }
    if (r.demonstration) {
        addBetterAnswer(database, id, kDemonstration, *r.demonstration, {});
    }
    setColumn(database, id, "messages", r.messages);
    setColumn(database, id, "in_set", r.set);
    setColumn(database, id, "extra", r.extra);
    if (sound) {
        setColumn(database, id, "sha256", textsHash(r.instruction, r.input, r.output, r.messages));
    }
}

}  // namespace

void takeMeantFields(NewResponse& r)
{
    std::string rest;
    for (const auto& [name, text] : jsonMembers(r.extra)) {
        const Json value = parseJson(text, "extra fields");
        if (value.is_string() && name == kRevision) {
            r.revision = value.get<std::string>();
        } else if (value.is_string() && name == kDemonstration) {
            r.demonstration = value.get<std::string>();
        } else if (name == "messages" && value.is_array() && !value.empty()) {
            r.messages = text;
        } else if (name == "set" && value == "control") {
            r.set = "control";
        } else {
            addJsonMember(rest, name, text);
        }
    }
    r.extra = "{" + rest + "}";
}

void moveIntoRevision2(SQLite::Database& database)
{
    rewriteStates(database, "verdict", newVerdict);
    rewriteStates(database, "marks", newMarks);
    SQLite::Statement rows(database,
                           "SELECT id FROM responses WHERE instr(extra, '\"messages\"') OR instr(extra, "
                           "'\"revision\"') OR instr(extra, '\"demonstration\"') OR instr(extra, '\"set\"')");
    std::vector<std::int64_t> ids;  // their rows are written while the next are read
    while (rows.executeStep()) {
        ids.push_back(rows.getColumn(0).getInt64());
    }
    for (const auto id : ids) {
        moveFields(database, {id});
    }
}

}  // namespace stet::annotate
