#include "annotate/exchange/record_text.h"

#include "annotate/exchange/formats/records.h"
#include "annotate/judgment/names.h"
#include "base/failure.h"
#include "base/foreign_data.h"
#include "base/json_text.h"
#include "base/row_id.h"
#include "contract/example.h"

#include <algorithm>
#include <array>
#include <set>

namespace stet::annotate {

namespace {

// Among the other fields: what the row did not have, so that an export has it neither.
constexpr const char* kNoInput = "$no_input";
constexpr const char* kNoInstruction = "$no_instruction";

constexpr std::array<std::string_view, 15> kFields = {
    "id",      "instruction", "input", "output",   "judgment",      "messages", "stopped",   "marks",
    "verdict", "hint",        "set",   "revision", "demonstration", "sampling", "provenance"};

// --- a response as a record

bool hasMember(const JsonMembers& members, std::string_view name)
{
    return std::any_of(members.begin(), members.end(), [&](const auto& member) { return member.first == name; });
}

// The record in the order of the paper's files, with the fields that came along.
RecordText fieldsOf(const ResponseItem& item, bool withJudgment)
{
    const auto extra = jsonMembers(item.extra);
    RecordText record;
    record.addText("id", Json::accept(item.externalId) ? item.externalId : toLine(Json(item.externalId)));
    if (!hasMember(extra, kNoInstruction)) {
        record.add("instruction", item.instruction);
    }
    if (!hasMember(extra, kNoInput) || !item.input.empty()) {
        record.add("input", item.input);
    }
    if (item.hasOutput) {
        record.add("output", item.output);
    }
    if (withJudgment) {
        record.add("judgment", item.verdict == Verdict::Criticised ? Json(item.judgment) : Json());
    }
    if (!item.messages.empty()) {
        record.addText("messages", item.messages);
    }
    if (item.revision) {
        record.add("revision", *item.revision);
    }
    if (item.demonstration) {
        record.add("demonstration", *item.demonstration);
    }
    if (!item.set.empty()) {
        record.add("set", item.set);
    }
    for (const auto& [name, text] : extra) {
        if (name != kNoInput && name != kNoInstruction) {
            record.addText(name, text);
        }
    }
    return record;
}

struct NamedAuthor {
    const char* name;
    const Author* author;
    bool written;  // is there what it would be the author of?
};

Json provenanceOf(const ResponseItem& item)
{
    const NamedAuthor authors[] = {{"response", &item.author, item.hasOutput},
                                   {"judgment", &item.judgedBy, item.verdict != Verdict::Open},
                                   {"revision", &item.revisedBy, item.revision.has_value()},
                                   {"demonstration", &item.demonstratedBy, item.demonstration.has_value()},
                                   {"marks", &item.markedBy, !item.marks.empty()},
                                   {"hint", &item.hintedBy, true}};
    Json provenance = Json::object();
    for (const auto& one : authors) {
        if (one.written && !isNobody(*one.author)) {
            provenance[one.name] = authorToJson(*one.author);
        }
    }
    return provenance;
}

// --- a record as a response

Verdict verdictOf(const Json& object, const std::string& where)
{
    const auto named = optionalString(object, "verdict", where);
    if (named) {
        for (const Verdict verdict : {Verdict::Open, Verdict::Accepted, Verdict::Criticised, Verdict::Skipped}) {
            if (*named == verdictName(verdict)) {
                return verdict;
            }
        }
        throw badInput(where + ": field 'verdict' is '" + *named + "'; known: open, accepted, criticised, skipped");
    }
    const auto judgment = object.find("judgment");
    if (judgment == object.end()) {
        return Verdict::Open;
    }
    return judgment->is_null() ? Verdict::Accepted : Verdict::Criticised;
}

// The text of a field that the row has; of one that stands twice the last.
std::string textOf(const DataRow& row, std::string_view field)
{
    std::string_view found;
    for (const auto& [name, text] : jsonMembers(row.text)) {
        found = name == field ? text : found;
    }
    return minifiedJson(found);
}

// As JSON text, of a number digit by digit; empty where the row has none.
std::string externalIdOf(const DataRow& row)
{
    const auto id = row.record.find("id");
    if (id == row.record.end() || id->is_null()) {
        return {};
    }
    std::string digits = id->is_number_float() ? textOf(row, "id") : std::string();
    if (!digits.empty() && digits.find_first_not_of("-0123456789") == std::string::npos) {
        return digits;  // a whole number of more than 64 bits
    }
    const auto whole = rowId(*id);
    if (!whole) {
        throw badInput(row.where + ": field 'id' must be a text or a whole number");
    }
    return toLine(*whole);
}

bool stoppedByLength(const Json& object, const std::string& where)
{
    const auto stopped = optionalString(object, "stopped", where);
    if (stopped && *stopped != "length" && *stopped != "eos") {
        throw badInput(where + ": field 'stopped' must be \"length\" or \"eos\"");
    }
    return stopped == "length";
}

// Of a conversation without an instruction beside it the user's last message.
std::string conversationInstruction(const Json& record, const std::string& where)
{
    const auto given = optionalString(record, "instruction", where);
    return given ? *given : record.at("messages").back().at("content").get<std::string>();
}

// Nobody where the object is none of ours: then the field is one of the user's own.
bool readProvenance(const Json& record, NewResponse& r)
{
    const auto provenance = record.find("provenance");
    if (provenance == record.end() || !provenance->is_object()) {
        return false;
    }
    const std::pair<const char*, Author*> authors[] = {{"response", &r.author},    {"judgment", &r.judgedBy},
                                                       {"revision", &r.revisedBy}, {"demonstration", &r.demonstratedBy},
                                                       {"marks", &r.markedBy},     {"hint", &r.hintedBy}};
    std::size_t known = 0;
    for (const auto& [name, author] : authors) {
        const auto one = provenance->find(name);
        const auto read = one == provenance->end() ? std::nullopt : authorFromJson(*one);
        if (read) {
            *author = *read;
            ++known;
        }
    }
    return known == provenance->size();
}

// What has no column is kept as it is written; so is whether an instruction and an input were there.
std::string extraOf(const DataRow& row, bool withProvenance)
{
    static const std::set<std::string> kNullable = {"messages", "revision", "demonstration", "set"};
    std::string extra;
    for (const auto& [name, text] : jsonMembers(row.text)) {
        const bool own = !isKnownField(name) || (name == "provenance" && !withProvenance) ||
            (name == "set" && text != "\"control\"") || (name == "sampling" && !text.starts_with('{')) ||
            (kNullable.count(name) > 0 && text == "null");
        if (own && name != kNoInput && name != kNoInstruction) {
            addJsonMember(extra, name, minifiedJson(text));
        }
    }
    for (const auto& [field, mark] : {std::pair("input", kNoInput), std::pair("instruction", kNoInstruction)}) {
        if (!row.record.contains(field)) {
            addJsonMember(extra, mark, "true");
        }
    }
    return "{" + extra + "}";
}

void refuseForeign(const DataRow& row)
{
    const bool complete =
        row.record.value("instruction", Json()).is_string() && row.record.value("output", Json()).is_string();
    if (const auto foreign = complete ? std::nullopt : foreignRow(row.record)) {
        throw badInput(row.where + ": " + *foreign);
    }
}

// instruction, input and conversation of a response or of an instruction alone.
template <typename Asked> void readAsked(const DataRow& row, Asked& into)
{
    if (const Json messages = contract::readMessages(row.record, row.where); !messages.is_null()) {
        contract::requireUserLast(messages, row.where);
        into.messages = textOf(row, "messages");
    }
    into.instruction = into.messages.empty() ? requiredString(row.record, "instruction", row.where)
                                             : conversationInstruction(row.record, row.where);
    into.input = optionalString(row.record, "input", row.where).value_or("");
}

}  // namespace

bool isKnownField(std::string_view name)
{
    return std::find(kFields.begin(), kFields.end(), name) != kFields.end();
}

std::string cutRecordText(const ResponseItem& item)
{
    return fieldsOf(item, true).text();
}

std::string lineRecordText(const ResponseItem& item)
{
    const bool judged = item.verdict != Verdict::Open && item.verdict != Verdict::Skipped;
    RecordText record = fieldsOf(item, judged);
    record.add("verdict", verdictName(item.verdict));
    if (!item.marks.empty()) {
        record.addText("marks", contract::marksToText(item.marks));
    }
    if (item.stoppedByLength) {
        record.add("stopped", "length");
    }
    if (!item.hint.empty()) {
        record.add("hint", item.hint);
    }
    if (!item.sampling.empty()) {
        record.addText("sampling", item.sampling);
    }
    const Json provenance = provenanceOf(item);
    if (!provenance.empty() && !hasMember(jsonMembers(item.extra), "provenance")) {
        record.add("provenance", provenance);
    }
    return record.text();
}

bool isInstructionAlone(const DataRow& row)
{
    // The last four are what other programs call an output: such a row is refused, and says so.
    static const std::array<const char*, 9> kOfResponses = {
        "output", "judgment", "revision", "demonstration", "marks", "response", "completion", "answer", "answers"};
    const std::string verdict = verdictName(Verdict::Open);
    return row.record.is_object() && row.record.value("verdict", Json(verdict)) == verdict &&
        std::none_of(kOfResponses.begin(), kOfResponses.end(), [&](const char* field) {
               const auto found = row.record.find(field);
               return found != row.record.end() && (!found->is_null() || std::string_view(field) == "judgment");
           });
}

Instruction instructionFromRow(const DataRow& row)
{
    refuseForeign(row);
    Instruction one;
    one.externalId = externalIdOf(row);
    readAsked(row, one);
    one.output = optionalString(row.record, "output", row.where).value_or("");
    return one;
}

NewResponse responseFromRow(const DataRow& row)
{
    refuseForeign(row);
    const Json& record = row.record;
    NewResponse r;
    r.externalId = externalIdOf(row);
    readAsked(row, r);
    r.revision = optionalString(record, "revision", row.where);
    r.demonstration = optionalString(record, "demonstration", row.where);
    const auto judgment = optionalString(record, "judgment", row.where);
    const auto output = optionalString(record, "output", row.where);
    r.hasOutput = output || (!r.revision && !r.demonstration);
    r.output = r.hasOutput ? requiredString(record, "output", row.where) : std::string();
    if (judgment && !r.hasOutput) {
        throw badInput(row.where + ": it has a judgment but no 'output' that is judged");
    }
    r.stoppedByLength = stoppedByLength(record, row.where);
    r.verdict = verdictOf(record, row.where);
    r.judgment = judgment.value_or("");
    r.hint = optionalString(record, "hint", row.where).value_or("");
    r.set = record.value("set", Json()) == "control" ? "control" : "";
    if (record.contains("marks") && !record.at("marks").is_null()) {
        r.marks = contract::Codec<std::vector<Mark>>::read(record.at("marks"), {row.where, "marks"});
    }
    if (record.value("sampling", Json()).is_object()) {
        r.sampling = textOf(row, "sampling");
    }
    r.extra = extraOf(row, readProvenance(record, r));
    return r;
}

}  // namespace stet::annotate
