// Chats as OpenAI's fine-tuning files and most hubs have them: "messages", the last of which is the model's answer.
#include "annotate/exchange/formats/conversation.h"

namespace stet::annotate {

namespace {

bool isOpenAi(const Json& record)
{
    const Json messages = record.value("messages", Json());
    return messages.is_array() && !messages.empty() && messages.front().is_object() &&
        messages.front().contains("role") && !record.contains("output") && !record.contains("instruction") &&
        !record.contains("revision") && !record.contains("demonstration") &&
        messages.back().value("role", Json()) == "assistant";
}

std::vector<DataRow> rowsOf(const SourceRecord& record)
{
    const Turns turns = turnsOf(record.fields.value("messages", Json()), "messages");
    Json fields;
    const std::string unfit = turns.unfit.empty() ? askAndAnswer(turns.list, fields) : turns.unfit;
    return {unfit.empty() ? rowOf(record, fields, {"messages"}) : unfitRow(record, unfit)};
}

std::optional<std::string> recordOf(const ResponseItem& item)
{
    const auto answer = answerToLearn(item);
    if (!answer) {
        return std::nullopt;
    }
    auto turns = turnsOf(item);
    turns.push_back({"assistant", *answer});
    RecordText record;
    record.add("messages", asMessages(turns));
    return record.text();
}

}  // namespace

std::unique_ptr<const Format> makeOpenAiFormat()
{
    return makeRecordFormat({"openai", "OpenAI messages", "jsonl", isOpenAi, rowsOf, recordOf});
}

}  // namespace stet::annotate
