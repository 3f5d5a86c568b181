// The files of TRL, in plain text or as lists of messages: prompt and completion, the same with a label (unpaired
// preferences, as KTO takes them), and pairs of a chosen and a rejected answer (as DPO takes them). The rejected one is
// the response and waits for a person to say what is wrong with it; the chosen one is its demonstration. Written as
// lists of messages: a prompt in plain text would leave open where the question ends, and a file has to be of one kind.
#include "annotate/exchange/formats/conversation.h"
#include "base/failure.h"

#include <algorithm>

namespace stet::annotate {

namespace {

bool isTextOrTurns(const Json& record, const char* field)
{
    const Json value = record.value(field, Json());
    return value.is_string() || value.is_array();
}

bool isPair(const Json& record)
{
    return isTextOrTurns(record, "chosen") && isTextOrTurns(record, "rejected");
}

bool isCompletion(const Json& record)
{
    return isTextOrTurns(record, "prompt") && isTextOrTurns(record, "completion");
}

// The turns of a field that is a text of `role` or a list of them; "system" may stand beside the prompt.
Turns turnsOfField(const Json& record, const char* field, const char* role)
{
    const Json& value = record.at(field);
    if (value.is_string()) {
        return {{{role, value.get<std::string>()}}, {}};
    }
    return turnsOf(value, field);
}

// What is asked, of pairs also by the names other collections give it; empty where the answers hold it.
Turns promptOf(const Json& record, std::set<std::string_view>& taken)
{
    Turns turns;
    for (const char* field : {"prompt", "question", "instruction"}) {
        if (isTextOrTurns(record, field)) {
            turns = turnsOfField(record, field, "user");
            taken.insert(field);
            break;
        }
    }
    const Json system = record.value("system", Json());
    if (system.is_string() && turns.unfit.empty()) {
        taken.insert("system");
        if (!system.get_ref<const std::string&>().empty()) {
            turns.list.insert(turns.list.begin(), {"system", system.get<std::string>()});
        }
    }
    return turns;
}

bool same(const Turn& one, const Turn& other)
{
    return one.role == other.role && one.text == other.text;
}

// Whole conversations begin alike: with what is asked. They may stand beside a prompt that says it again.
void cutPrompt(Turns& prompt, Turns& chosen, Turns& rejected)
{
    const auto [end, other] =
        std::mismatch(chosen.list.begin(), chosen.list.end(), rejected.list.begin(), rejected.list.end(), same);
    const auto answer = end == chosen.list.end() && end != chosen.list.begin() ? end - 1 : end;  // equal answers
    const auto count = answer - chosen.list.begin();
    if (count > 0) {
        prompt.list.assign(chosen.list.begin(), answer);
        chosen.list.erase(chosen.list.begin(), answer);
        rejected.list.erase(rejected.list.begin(), rejected.list.begin() + count);
    }
}

// The single answer that turns are; a sentence where they are something else.
std::string answerOf(const Turns& turns, const char* field, Json& fields, const char* into)
{
    if (!turns.unfit.empty()) {
        return turns.unfit;
    }
    if (turns.list.size() != 1 || turns.list.front().role != "assistant") {
        return std::string("its '") + field + "' is no single answer of the model's";
    }
    fields[into] = turns.list.front().text;
    return {};
}

std::vector<DataRow> rowsOfPair(const SourceRecord& record)
{
    std::set<std::string_view> taken = {"chosen", "rejected"};
    Turns prompt = promptOf(record.fields, taken);
    Turns chosen = turnsOfField(record.fields, "chosen", "assistant");
    Turns rejected = turnsOfField(record.fields, "rejected", "assistant");
    if (record.fields.at("chosen").is_array() && record.fields.at("rejected").is_array()) {
        cutPrompt(prompt, chosen, rejected);
    }
    if (prompt.list.empty() && prompt.unfit.empty()) {
        throw badInput(
            record.where +
            ": a preference pair without a prompt: what is asked and what is answered can't be told apart in "
            "plain text; write what is asked as 'prompt'");
    }
    Json fields;
    for (const std::string& unfit :
         {prompt.unfit.empty() ? ask(prompt.list, fields) : prompt.unfit,
          answerOf(rejected, "rejected", fields, "output"), answerOf(chosen, "chosen", fields, "demonstration")}) {
        if (!unfit.empty()) {
            return {unfitRow(record, unfit)};
        }
    }
    return {rowOf(record, fields, taken)};
}

std::vector<DataRow> rowsOfCompletion(const SourceRecord& record)
{
    std::set<std::string_view> taken = {"completion"};
    const Turns prompt = promptOf(record.fields, taken);
    const Turns completion = turnsOfField(record.fields, "completion", "assistant");
    Json fields;
    for (const std::string& unfit : {prompt.unfit.empty() ? ask(prompt.list, fields) : prompt.unfit,
                                     answerOf(completion, "completion", fields, "output")}) {
        if (!unfit.empty()) {
            return {unfitRow(record, unfit)};
        }
    }
    // Disliked without words: a criticism that says nothing, which the check points out.
    if (const auto liked = optionalBool(record.fields, "label", record.where)) {
        taken.insert("label");
        fields["judgment"] = *liked ? Json() : Json("");
    }
    return {rowOf(record, fields, taken)};
}

std::vector<DataRow> rowsOf(const SourceRecord& record)
{
    if (isPair(record.fields)) {
        return rowsOfPair(record);
    }
    if (isCompletion(record.fields)) {
        return rowsOfCompletion(record);
    }
    throw badInput(record.where + ": a row of TRL's has 'prompt' and 'completion', or 'chosen' and 'rejected'");
}

Json answerTurn(const std::string& text)
{
    return asMessages({{"assistant", text}});
}

std::optional<std::string> labelledRecord(const ResponseItem& item)
{
    if (!item.hasOutput || (item.verdict != Verdict::Accepted && item.verdict != Verdict::Criticised)) {
        return std::nullopt;
    }
    RecordText record;
    record.add("prompt", asMessages(turnsOf(item)));
    record.add("completion", answerTurn(item.output));
    record.add("label", item.verdict == Verdict::Accepted);
    return record.text();
}

std::optional<std::string> pairRecord(const ResponseItem& item)
{
    const auto& better = item.revision ? item.revision : item.demonstration;
    if (!item.hasOutput || !better || *better == item.output) {
        return std::nullopt;
    }
    RecordText record;
    record.add("prompt", asMessages(turnsOf(item)));
    record.add("chosen", answerTurn(*better));
    record.add("rejected", answerTurn(item.output));
    return record.text();
}

}  // namespace

std::unique_ptr<const Format> makeTrlFormat()
{
    return makeRecordFormat({"trl", "TRL, labelled answers", "jsonl", isCompletion, rowsOf, labelledRecord});
}

std::unique_ptr<const Format> makeTrlPairsFormat()
{
    return makeRecordFormat({"trl-pairs", "TRL, preference pairs", "jsonl", isPair, rowsOf, pairRecord});
}

}  // namespace stet::annotate
