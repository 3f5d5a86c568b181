// Alpaca: a list of instruction, input, output, as Stanford's file and LLaMA-Factory's have it; the latter also with
// "system" and "history" (pairs of a question and its answer), which make it a conversation.
#include "annotate/exchange/formats/conversation.h"

#include <algorithm>
#include <array>

namespace stet::annotate {

namespace {

constexpr std::array<std::string_view, 6> kFields = {"instruction", "input", "output", "system", "history", "text"};

bool isAlpaca(const Json& record)
{
    const auto isText = [&](const char* field) { return record.value(field, Json()).is_string(); };
    return isText("instruction") && isText("output") &&
        std::all_of(record.items().begin(), record.items().end(), [](const auto& field) {
               return std::find(kFields.begin(), kFields.end(), field.key()) != kFields.end();
           });
}

// Empty where there is neither a system's text nor anything said before.
Turns before(const Json& record)
{
    Turns turns;
    const Json system = record.value("system", Json());
    if (system.is_string() && !system.get_ref<const std::string&>().empty()) {
        turns.list.push_back({"system", system.get<std::string>()});
    }
    for (const Json& pair : record.value("history", Json::array())) {
        if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string() || !pair[1].is_string()) {
            turns.unfit = "its 'history' is no list of pairs of texts";
            return turns;
        }
        turns.list.push_back({"user", pair[0].get<std::string>()});
        turns.list.push_back({"assistant", pair[1].get<std::string>()});
    }
    return turns;
}

std::vector<DataRow> rowsOf(const SourceRecord& record)
{
    Turns turns = before(record.fields);
    if (!turns.unfit.empty()) {
        return {unfitRow(record, turns.unfit)};
    }
    const std::string where = record.where;
    const std::string instruction = requiredString(record.fields, "instruction", where);
    const auto input = optionalString(record.fields, "input", where);
    Json fields;
    if (turns.list.empty()) {
        fields["instruction"] = instruction;
        if (input) {
            fields["input"] = *input;
        }
    } else {
        turns.list.push_back({"user", input.value_or("").empty() ? instruction : instruction + "\n" + *input});
        fields["messages"] = asMessages(turns.list);
    }
    fields["output"] = requiredString(record.fields, "output", where);
    return {rowOf(record, fields, {"instruction", "input", "output", "system", "history"})};
}

// A conversation before its last question; false: no pairs.
bool addHistory(std::vector<Turn> turns, RecordText& record)
{
    std::string system;
    if (turns.front().role == "system") {
        system = turns.front().text;
        turns.erase(turns.begin());
    }
    Json history = Json::array();
    for (std::size_t i = 0; i + 1 < turns.size(); i += 2) {
        if (turns[i].role != "user" || turns[i + 1].role != "assistant") {
            return false;
        }
        history.push_back({turns[i].text, turns[i + 1].text});
    }
    record.add("instruction", turns.back().text);
    record.add("input", "");
    record.add("system", system);
    record.add("history", history);
    return true;
}

std::optional<std::string> recordOf(const ResponseItem& item)
{
    const auto answer = answerToLearn(item);
    RecordText record;
    if (!answer || (!item.messages.empty() && !addHistory(turnsOf(item), record))) {
        return std::nullopt;
    }
    if (item.messages.empty()) {
        record.add("instruction", item.instruction);
        record.add("input", item.input);
    }
    record.add("output", *answer);
    if (const std::string text = extraText(item, "text"); !text.empty()) {
        record.addText("text", text);
    }
    return record.text();
}

}  // namespace

std::unique_ptr<const Format> makeAlpacaFormat()
{
    return makeRecordFormat({"alpaca", "Alpaca JSON", "json", isAlpaca, rowsOf, recordOf});
}

}  // namespace stet::annotate
