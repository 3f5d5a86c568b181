// ShareGPT: "conversations" of turns "from" and "value", the last of which is the model's answer. LLaMA-Factory's files
// beside it have "system", and for pairs "chosen" and "rejected", one turn each.
#include "annotate/exchange/formats/conversation.h"

namespace stet::annotate {

namespace {

bool isShareGpt(const Json& record)
{
    return record.value("conversations", Json()).is_array();
}

bool isPair(const Json& record)
{
    return record.value("chosen", Json()).is_object() && record.value("rejected", Json()).is_object();
}

// A sentence where it is no pair of answers; empty: well.
std::string addPair(const Json& record, Json& fields)
{
    for (const auto& [name, into] : {std::pair("rejected", "output"), std::pair("chosen", "demonstration")}) {
        const Turns answer = turnsOf(Json::array({record.at(name)}), name);
        if (!answer.unfit.empty()) {
            return answer.unfit;
        }
        fields[into] = answer.list.front().text;
    }
    return {};
}

std::vector<DataRow> rowsOf(const SourceRecord& record)
{
    std::set<std::string_view> taken = {"conversations"};
    Turns turns = turnsOf(record.fields.value("conversations", Json()), "conversations");
    if (const Json system = record.fields.value("system", Json()); system.is_string()) {
        taken.insert("system");
        if (!system.get_ref<const std::string&>().empty()) {
            turns.list.insert(turns.list.begin(), {"system", system.get<std::string>()});
        }
    }
    Json fields;
    std::string unfit = turns.unfit.empty() ? askAndAnswer(turns.list, fields) : turns.unfit;
    if (unfit.empty() && isPair(record.fields)) {
        unfit = addPair(record.fields, fields);
        taken.insert({"chosen", "rejected"});
    }
    return {unfit.empty() ? rowOf(record, fields, taken) : unfitRow(record, unfit)};
}

std::optional<std::string> recordOf(const ResponseItem& item)
{
    const auto answer = answerToLearn(item);
    if (!answer) {
        return std::nullopt;
    }
    auto turns = turnsOf(item);
    turns.push_back({"assistant", *answer});
    Json conversation = Json::array();
    for (const auto& turn : turns) {
        const char* from = turn.role == "user" ? "human" : turn.role == "assistant" ? "gpt" : "system";
        conversation.push_back({{"from", from}, {"value", turn.text}});
    }
    RecordText record;
    record.addText("id", item.externalId);
    record.add("conversations", conversation);
    return record.text();
}

}  // namespace

std::unique_ptr<const Format> makeShareGptFormat()
{
    return makeRecordFormat({"sharegpt", "ShareGPT JSON", "json", isShareGpt, rowsOf, recordOf});
}

}  // namespace stet::annotate
