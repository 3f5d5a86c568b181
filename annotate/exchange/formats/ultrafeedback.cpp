// UltraFeedback: an instruction with the answers of several models, each with a critique and ratings. Every answer
// becomes a response of its model, its critique a judgment; the ratings are kept beside it.
#include "annotate/exchange/formats/conversation.h"
#include "base/failure.h"
#include "base/json_text.h"
#include "base/row_id.h"

#include <array>

namespace stet::annotate {

namespace {

// What is said of the instruction, not of one answer.
constexpr std::array<std::string_view, 4> kOfAll = {"source", "correct_answers", "incorrect_answers", "models"};

// Of the rows of one record, which repeat what is said of all.
constexpr std::size_t kMostBytes = std::size_t{64} << 20;

bool isUltraFeedback(const Json& record)
{
    return record.value("completions", Json()).is_array() &&
        (record.contains("instruction") || record.contains("prompt"));
}

// An answer's own fields, with those that are said of all. Names of both are the answer's.
SourceRecord withThoseOfAll(const SourceRecord& record, std::string_view completion, std::size_t number)
{
    RecordText text;
    Json fields = parseJson(completion, record.where);
    for (const auto& [name, json] : jsonMembers(completion)) {
        text.addText(name, json);
    }
    for (const auto& [name, json] : jsonMembers(record.text)) {
        if (name == "completions" || name == "instruction" || name == "prompt" || fields.contains(name)) {
            continue;
        }
        Json value = record.fields.at(name);
        if (name == "id" && rowId(value)) {  // each response has one of its own
            const Json id = *rowId(value);
            value = (id.is_string() ? id.get<std::string>() : id.dump()) + "-" + std::to_string(number);
            text.add(name, value);
        } else {
            text.addText(name, json);
        }
        fields[name] = std::move(value);
    }
    return {std::move(fields), text.text(), record.where + ", completion " + std::to_string(number)};
}

DataRow rowOfCompletion(const SourceRecord& record, const std::string& instruction)
{
    const Json& completion = record.fields;
    Json fields = {{"instruction", instruction}, {"output", requiredString(completion, "response", record.where)}};
    if (const auto critique = optionalString(completion, "critique", record.where); critique && !critique->empty()) {
        fields["judgment"] = *critique;
    }
    if (const auto model = optionalString(completion, "model", record.where)) {
        fields["provenance"] = {{"response", authorToJson({AuthorKind::Model, {}, *model, {}})}};
    }
    return rowOf(record, fields, {"response", "critique", "model"});
}

// The elements of a list as they are written.
std::vector<std::string_view> elementsOf(std::string_view list)
{
    std::vector<std::string_view> elements;
    for (std::size_t at = list.find('{'); at != std::string_view::npos && at < list.size(); at = list.find('{', at)) {
        const auto end = endOfJsonValue(list, at);
        elements.push_back(list.substr(at, end - at));
        at = std::min(end, list.size());
    }
    return elements;
}

std::vector<DataRow> rowsOf(const SourceRecord& record)
{
    const Json completions = record.fields.value("completions", Json());
    if (!completions.is_array() ||
        !std::all_of(completions.begin(), completions.end(), [](const Json& one) { return one.is_object(); })) {
        throw badInput(record.where + ": field 'completions' must be a list of objects, one for each answer");
    }
    const char* asked = record.fields.contains("instruction") ? "instruction" : "prompt";
    const std::string instruction = requiredString(record.fields, asked, record.where);
    if (completions.empty()) {
        return {unfitRow(record, "it has no answers")};
    }
    std::string_view list;
    for (const auto& [name, json] : jsonMembers(record.text)) {
        list = name == "completions" ? json : list;
    }
    std::vector<DataRow> rows;
    std::size_t bytes = 0;
    for (const auto completion : elementsOf(list)) {
        bytes += rows.empty() ? 0 : rows.back().text.size();
        if (bytes > kMostBytes) {
            throw badInput(record.where + ": its answers, each with what is said of all of them, are longer than " +
                           std::to_string(kMostBytes >> 20U) + " MiB");
        }
        rows.push_back(rowOfCompletion(withThoseOfAll(record, completion, rows.size() + 1), instruction));
    }
    return rows;
}

// Answers to one instruction stand behind each other in a project, and are one record.
class Writer final : public RowWriter {
public:
    explicit Writer(const Append& append) : m_append(append) { }

    bool write(const ResponseItem& item) override
    {
        const auto asked = askedText(item);
        if (!asked || !item.hasOutput || item.verdict == Verdict::Accepted) {
            return false;
        }
        if (!m_first || *askedText(*m_first) != *asked) {
            flush();
            m_first = item;
        }
        add(item);
        return true;
    }

    void finish() override { flush(); }

private:
    void add(const ResponseItem& item)
    {
        RecordText completion;
        completion.add("model", item.author.model);
        for (const auto& [name, json] : jsonMembers(item.extra)) {
            if (std::find(kOfAll.begin(), kOfAll.end(), name) == kOfAll.end() && name.front() != '$') {
                completion.addText(name, json);
            }
        }
        completion.add("response", item.output);
        completion.add("critique", item.judgment);
        m_models.push_back(item.author.model);
        m_completions += (m_completions.empty() ? "" : ",") + completion.text();
    }

    void flush()
    {
        if (!m_first) {
            return;
        }
        RecordText record;
        const auto carry = [&](const char* name) {
            if (const std::string json = extraText(*m_first, name); !json.empty()) {
                record.addText(name, json);
            }
        };
        carry("source");
        record.add("instruction", *askedText(*m_first));
        record.add("models", m_models);
        record.addText("completions", "[" + m_completions + "]");
        carry("correct_answers");
        carry("incorrect_answers");
        m_append(record.text() + "\n");
        m_first.reset();
        m_models = Json::array();
        m_completions.clear();
    }

    const Append& m_append;
    std::optional<ResponseItem> m_first;  // of those that are one record
    Json m_models = Json::array();
    std::string m_completions;
};

}  // namespace

std::unique_ptr<const Format> makeUltraFeedbackFormat()
{
    return makeRecordFormat(
        {"ultrafeedback", "UltraFeedback JSON Lines", "jsonl", isUltraFeedback, rowsOf, nullptr,
         [](const Append& append) -> std::unique_ptr<RowWriter> { return std::make_unique<Writer>(append); }});
}

}  // namespace stet::annotate
