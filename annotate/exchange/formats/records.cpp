#include "annotate/exchange/formats/records.h"

#include "annotate/exchange/record_text.h"
#include "base/failure.h"
#include "base/json_lines.h"
#include "base/json_list.h"
#include "base/json_text.h"
#include "base/row_id.h"
#include "base/text_source.h"

#include <deque>

namespace stet::annotate {

namespace {

class Lines final : public RecordReader {
public:
    explicit Lines(const std::string& path) : m_lines(path) { }

    std::optional<SourceRecord> next() override
    {
        auto fields = m_lines.next();
        return fields ? std::optional(SourceRecord{std::move(*fields), m_lines.text(), m_lines.where()}) : std::nullopt;
    }

private:
    JsonLinesReader m_lines;
};

class List final : public RecordReader {
public:
    explicit List(const std::string& path) : m_list(path) { }

    std::optional<SourceRecord> next() override
    {
        auto fields = m_list.next();
        if (fields && !fields->is_object()) {
            throw badInput(m_list.where() + ": expected an object, found " + std::string(fields->type_name()));
        }
        return fields ? std::optional(SourceRecord{std::move(*fields), m_list.text(), m_list.where()}) : std::nullopt;
    }

private:
    JsonListReader m_list;
};

bool beginsAsList(const std::string& path)
{
    return beginningOf(*openText(path)).starts_with('[');
}

class Reader final : public RowReader {
public:
    Reader(std::unique_ptr<RecordReader> records, RowsOf rowsOf) : m_records(std::move(records)), m_rowsOf(rowsOf) { }

    std::optional<DataRow> next() override
    {
        while (m_rows.empty()) {
            const auto record = m_records->next();
            if (!record) {
                return std::nullopt;
            }
            for (auto& row : m_rowsOf(*record)) {
                m_rows.push_back(std::move(row));
            }
        }
        DataRow row = std::move(m_rows.front());
        m_rows.pop_front();
        return row;
    }

private:
    std::unique_ptr<RecordReader> m_records;
    RowsOf m_rowsOf;
    std::deque<DataRow> m_rows;
};

class OwnRows final : public RowReader {
public:
    explicit OwnRows(std::unique_ptr<RecordReader> records) : m_records(std::move(records)) { }

    std::optional<DataRow> next() override
    {
        auto record = m_records->next();
        return record ? std::optional(DataRow{std::move(record->fields), record->text, record->where, {}})
                      : std::nullopt;
    }

private:
    std::unique_ptr<RecordReader> m_records;
};

class ListWriter final : public RowWriter {
public:
    ListWriter(const Append& append, RecordOf recordOf) : m_append(append), m_recordOf(recordOf) { }

    bool write(const ResponseItem& item) override
    {
        const auto record = m_recordOf(item);
        if (record) {
            m_append((m_any ? ",\n    " : "[\n    ") + *record);
            m_any = true;
        }
        return record.has_value();
    }

    void finish() override { m_append(m_any ? "\n]\n" : "[]\n"); }

private:
    const Append& m_append;
    RecordOf m_recordOf;
    bool m_any = false;
};

class LinesWriter final : public RowWriter {
public:
    LinesWriter(const Append& append, RecordOf recordOf) : m_append(append), m_recordOf(recordOf) { }

    bool write(const ResponseItem& item) override
    {
        const auto record = m_recordOf(item);
        if (record) {
            m_append(*record + "\n");
        }
        return record.has_value();
    }

private:
    const Append& m_append;
    RecordOf m_recordOf;
};

class OfRecords final : public Format {
public:
    explicit OfRecords(const RecordFormat& format) : m_format(format) { }

    std::string name() const override { return m_format.name; }
    std::string title() const override { return m_format.title; }
    std::string extension() const override { return m_format.extension; }
    bool recognises(const FileHead& head) const override
    {
        return head.record.is_object() && m_format.recognises(head.record);
    }
    std::unique_ptr<RowReader> open(const std::string& path, const Columns&) const override
    {
        return std::make_unique<Reader>(readRecords(path), m_format.rowsOf);
    }
    std::unique_ptr<RowWriter> writer(const Append& append) const override
    {
        if (m_format.writer != nullptr) {
            return m_format.writer(append);
        }
        return extension() == "json" ? listWriter(append, m_format.recordOf) : linesWriter(append, m_format.recordOf);
    }

private:
    RecordFormat m_format;
};

}  // namespace

std::unique_ptr<const Format> makeRecordFormat(const RecordFormat& format)
{
    return std::make_unique<const OfRecords>(format);
}

std::unique_ptr<RecordReader> readRecords(const std::string& path)
{
    return beginsAsList(path) ? readList(path) : readLines(path);
}

std::unique_ptr<RecordReader> readList(const std::string& path)
{
    return std::make_unique<List>(path);
}

std::unique_ptr<RecordReader> readLines(const std::string& path)
{
    return std::make_unique<Lines>(path);
}

std::unique_ptr<RowReader> ownRows(std::unique_ptr<RecordReader> records)
{
    return std::make_unique<OwnRows>(std::move(records));
}

std::unique_ptr<RowWriter> listWriter(const Append& append, RecordOf recordOf)
{
    return std::make_unique<ListWriter>(append, recordOf);
}

std::unique_ptr<RowWriter> linesWriter(const Append& append, RecordOf recordOf)
{
    return std::make_unique<LinesWriter>(append, recordOf);
}

DataRow rowOf(const SourceRecord& record, const Json& fields, const std::set<std::string_view>& taken)
{
    DataRow row{fields, {}, record.where, {}, true};
    RecordText text;
    for (const auto& [name, value] : fields.items()) {
        text.add(name, value);
    }
    for (const auto& [name, json] : jsonMembers(record.text)) {
        if (taken.count(name) > 0) {
            continue;
        }
        const Json& value = record.fields.at(name);
        const bool isId = name == "id" && !fields.contains("id") && (value.is_null() || rowId(value));
        const std::string kept = isId || !isKnownField(name) ? name : "source_" + name;
        row.record[kept] = value;
        text.addText(kept, json);
    }
    row.text = text.text();
    return row;
}

DataRow unfitRow(const SourceRecord& record, const std::string& why)
{
    return {Json::object(), {}, record.where, why, true};
}

void RecordText::add(std::string_view name, const Json& value)
{
    addJsonMember(m_members, name, toLine(value));
}

void RecordText::addText(std::string_view name, std::string_view json)
{
    addJsonMember(m_members, name, json);
}

std::string extraText(const ResponseItem& item, std::string_view name)
{
    for (const auto& [member, json] : jsonMembers(item.extra)) {
        if (member == name) {
            return std::string(json);
        }
    }
    return {};
}

std::optional<std::string> answerToLearn(const ResponseItem& item)
{
    if (item.demonstration || item.revision) {
        return item.demonstration ? item.demonstration : item.revision;
    }
    return item.hasOutput && item.verdict != Verdict::Criticised ? std::optional(item.output) : std::nullopt;
}

}  // namespace stet::annotate
