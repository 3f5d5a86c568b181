#include "annotate/exchange/formats/columns.h"

#include "annotate/exchange/formats/records.h"
#include "base/failure.h"
#include "base/json_text.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace stet::annotate {

namespace {

struct UsualNames {
    const char* field;
    std::vector<std::string_view> names;
};

// In lower case, with '_' for what stands between words; of several the first that is there.
const std::vector<UsualNames>& usualNames()
{
    static const std::vector<UsualNames> kNames = {
        {"id", {"id", "编号"}},
        {"instruction", {"instruction", "prompt", "question", "query", "user", "指令", "问题"}},
        {"input", {"input", "context", "输入"}},
        {"output",
         {"output", "response", "answer", "completion", "model_output", "model_response", "model_answer", "assistant",
          "rejected", "回答", "输出"}},
        {"judgment", {"judgment", "judgement", "critique", "feedback", "comment", "comments", "评语"}},
        {"verdict", {"verdict"}},
        {"revision", {"revision", "refinement", "corrected"}},
        {"demonstration", {"demonstration", "chosen", "reference", "ideal"}},
        {"messages", {"messages"}},
        {"hint", {"hint"}}};
    return kNames;
}

std::string plainName(std::string_view name)
{
    std::string plain;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        plain += c == ' ' || c == '-' ? '_' : static_cast<char>(byte < 0x80 ? std::tolower(byte) : byte);
    }
    return plain;
}

std::string listed(const std::vector<std::string>& names)
{
    constexpr std::size_t kMostListed = 20;
    std::string list;
    for (std::size_t i = 0; i < std::min(names.size(), kMostListed); ++i) {
        list += (list.empty() ? "" : ", ") + names[i];
    }
    return list + (names.size() > kMostListed ? ", …" : "");
}

std::string fieldNames()
{
    std::string names;
    for (const auto& one : usualNames()) {
        names += (names.empty() ? "" : ", ") + std::string(one.field);
    }
    return names;
}

bool isField(const std::string& name)
{
    return std::any_of(usualNames().begin(), usualNames().end(), [&](const auto& one) { return name == one.field; });
}

// The column that is usually this field.
const std::string* usualColumn(const UsualNames& field, const std::vector<std::string>& names)
{
    for (const auto usual : field.names) {
        const auto found =
            std::find_if(names.begin(), names.end(), [&](const std::string& name) { return plainName(name) == usual; });
        if (found != names.end()) {
            return &*found;
        }
    }
    return nullptr;
}

class Renamed final : public RowReader {
public:
    Renamed(std::unique_ptr<RowReader> rows, const Columns& columns) : m_rows(std::move(rows))
    {
        for (const auto& [field, column] : columns) {
            m_fields.emplace(column, field);
        }
    }

    std::optional<DataRow> next() override
    {
        auto row = m_rows->next();
        if (!row) {
            return std::nullopt;
        }
        DataRow ours{Json::object(), {}, row->where, row->unfit, row->foreign};
        RecordText text;
        for (const auto& [name, json] : jsonMembers(row->text)) {
            const auto field = m_fields.find(name);
            const std::string& as = field == m_fields.end() ? name : field->second;
            ours.record[as] = row->record.at(name);
            text.addText(as, json);
        }
        ours.text = text.text();
        return ours;
    }

private:
    std::unique_ptr<RowReader> m_rows;
    Columns m_fields;  // the other way round: its name there → a field of ours
};

}  // namespace

Columns columnsFrom(const std::string& pairs)
{
    Columns columns;
    std::size_t at = 0;
    while (at <= pairs.size()) {
        const auto end = std::min(pairs.find(',', at), pairs.size());
        const std::string pair = pairs.substr(at, end - at);
        const auto equals = pair.find('=');
        if (equals == std::string::npos || equals == 0 || equals + 1 == pair.size()) {
            throw Failure(FailureKind::Usage,
                          "--columns takes FIELD=COLUMN, with commas between: "
                          "instruction=prompt,output=answer");
        }
        const std::string field = pair.substr(0, equals);
        if (!isField(field)) {
            throw Failure(FailureKind::Usage,
                          "--columns: there is no field '" + field + "'; fields are " + fieldNames());
        }
        columns[field] = pair.substr(equals + 1);
        at = end + 1;
    }
    return columns;
}

Columns columnsOf(const std::vector<std::string>& names, const Columns& given, const std::string& where)
{
    Columns columns = given;
    for (const auto& [field, column] : given) {
        if (std::find(names.begin(), names.end(), column) == names.end()) {
            throw badInput(where + ": there is no column '" + column + "'; it has " + listed(names));
        }
    }
    const auto isTaken = [&](const std::string& name) {
        return std::any_of(columns.begin(), columns.end(), [&](const auto& one) { return one.second == name; });
    };
    for (const auto& field : usualNames()) {
        const std::string* usual = columns.count(field.field) > 0 ? nullptr : usualColumn(field, names);
        if (usual != nullptr && !isTaken(*usual)) {
            columns[field.field] = *usual;
        }
    }
    if (columns.count("instruction") == 0 && columns.count("messages") == 0) {
        throw badInput(where + ": none of its columns is known as the instruction; it has " + listed(names) +
                       "; name them instruction, output, judgment in its first row, or say which is which: --columns "
                       "instruction=COLUMN,output=COLUMN");
    }
    return columns;
}

bool hasUsualColumn(const std::vector<std::string>& names)
{
    return std::any_of(usualNames().begin(), usualNames().end(),
                       [&](const auto& field) { return usualColumn(field, names) != nullptr; });
}

std::unique_ptr<RowReader> renamed(std::unique_ptr<RowReader> rows, const Columns& columns)
{
    if (columns.empty()) {
        return rows;
    }
    return std::make_unique<Renamed>(std::move(rows), columns);
}

}  // namespace stet::annotate
