// Shepherd: judgments of people on a model's answers, the data of the article's offline setting. Two files: the one
// made for training (question, answer, feedback) and the raw one, with each comment under its kind of error and a
// correct answer.
#include "annotate/exchange/formats/conversation.h"
#include "base/failure.h"

namespace stet::annotate {

namespace {

bool isForModel(const Json& record)
{
    return record.contains("question") && record.contains("answer") && record.contains("feedback");
}

bool isRaw(const Json& record)
{
    return record.value("metadata", Json()).is_object() && record.at("metadata").contains("output_candidate");
}

// The comments in the order in which they were given: that of the kinds of errors.
std::string commentsOf(const Json& label)
{
    static const Json::json_pointer kKinds("/jsonResponse/CLASSIFICATION_JOB_0/categories");
    std::string all;
    for (const Json& kind : label.is_object() ? label.value(kKinds, Json::array()) : Json::array()) {
        for (const Json& comment : kind.is_object() ? kind.value("children", Json::object()) : Json::object()) {
            const Json text = comment.is_object() ? comment.value("text", Json()) : Json();
            if (text.is_string() && !text.get_ref<const std::string&>().empty()) {
                all += (all.empty() ? "" : " ") + text.get<std::string>();
            }
        }
    }
    return all;
}

DataRow rawRow(const SourceRecord& record)
{
    const Json& texts = record.fields.at("metadata");
    const std::string where = record.where + ", metadata";
    Json fields = {{"instruction", requiredString(texts, "context", where)},
                   {"output", requiredString(texts, "output_candidate", where)}};
    const std::string comments = commentsOf(record.fields.value("latestLabel", Json()));
    if (!comments.empty()) {
        fields["judgment"] = comments;
    }
    if (const auto correct = optionalString(texts, "output_correct", where); correct && !correct->empty()) {
        fields["demonstration"] = *correct;
    }
    return rowOf(record, fields, {"metadata"});
}

std::vector<DataRow> rowsOf(const SourceRecord& record)
{
    if (isRaw(record.fields)) {
        return {rawRow(record)};
    }
    Json fields = {{"instruction", requiredString(record.fields, "question", record.where)},
                   {"output", requiredString(record.fields, "answer", record.where)}};
    if (record.fields.contains("feedback")) {
        const auto feedback = optionalString(record.fields, "feedback", record.where);
        fields["judgment"] = feedback ? Json(*feedback) : Json();
    }
    return {rowOf(record, fields, {"question", "answer", "feedback"})};
}

// The file made for training. An accepted answer has null where the others have words.
std::optional<std::string> recordOf(const ResponseItem& item)
{
    const auto question = askedText(item);
    if (!question || !item.hasOutput || (item.verdict != Verdict::Criticised && item.verdict != Verdict::Accepted)) {
        return std::nullopt;
    }
    RecordText record;
    record.addText("id", item.externalId);
    if (const std::string dataset = extraText(item, "dataset"); !dataset.empty()) {
        record.addText("dataset", dataset);
    }
    record.add("question", *question);
    record.add("answer", item.output);
    record.add("feedback", item.verdict == Verdict::Criticised ? Json(item.judgment) : Json());
    return record.text();
}

}  // namespace

std::unique_ptr<const Format> makeShepherdFormat()
{
    return makeRecordFormat({"shepherd", "Shepherd JSON Lines", "jsonl",
                             [](const Json& record) { return isForModel(record) || isRaw(record); }, rowsOf, recordOf});
}

}  // namespace stet::annotate
