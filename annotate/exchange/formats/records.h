// What the formats of other programs have in common: a file is a JSON list of records or has one a line, records become
// rows in Stet's fields, and responses become records. Pure but for the files; one owner.
#pragma once

#include "annotate/exchange/formats/format.h"

#include <functional>
#include <set>

namespace stet::annotate {

// A record as the file has it.
struct SourceRecord {
    Json fields;  // an object
    std::string text;
    std::string where;
};

// Gives one row or several of a record. Failure(BadInput) names what is wrong, and where.
using RowsOf = std::vector<DataRow> (*)(const SourceRecord& record);
// A record as JSON text; nullopt: the format can't say this response.
using RecordOf = std::optional<std::string> (*)(const ResponseItem& item);

// How a format differs from the others. Without a `recordOf` there is a `writer`.
struct RecordFormat {
    const char* name;
    const char* title;
    const char* extension;  // "json" is written as one list, "jsonl" as lines; both are read as either
    bool (*recognises)(const Json& record);
    RowsOf rowsOf;
    RecordOf recordOf;
    std::unique_ptr<RowWriter> (*writer)(const Append& append) = nullptr;
};

std::unique_ptr<const Format> makeRecordFormat(const RecordFormat& format);

// The records of a file that is a list of them or has one a line, in turn; nullopt behind the last.
class RecordReader {
public:
    virtual ~RecordReader() = default;
    virtual std::optional<SourceRecord> next() = 0;
};

std::unique_ptr<RecordReader> readRecords(const std::string& path);
std::unique_ptr<RecordReader> readList(const std::string& path);
std::unique_ptr<RecordReader> readLines(const std::string& path);

// Records that have Stet's fields already, as rows.
std::unique_ptr<RowReader> ownRows(std::unique_ptr<RecordReader> records);

// The row that says `fields` (Stet's), and keeps what else the record has, but for what was `taken` out of it. A field
// of the record's that would mean something here goes by the name "source_…".
DataRow rowOf(const SourceRecord& record, const Json& fields, const std::set<std::string_view>& taken);
DataRow unfitRow(const SourceRecord& record, const std::string& why);

// A JSON object that is being written, with values as they came.
class RecordText {
public:
    void add(std::string_view name, const Json& value);
    void addText(std::string_view name, std::string_view json);
    std::string text() const { return "{" + m_members + "}"; }

private:
    std::string m_members;
};

// Of the fields a response came with; empty: it has none of that name.
std::string extraText(const ResponseItem& item, std::string_view name);

// What teaches in files that know no judgments: the demonstration, else the revision, else a response that nobody
// criticised. nullopt: there is nothing to learn from.
std::optional<std::string> answerToLearn(const ResponseItem& item);

std::unique_ptr<RowWriter> listWriter(const Append& append, RecordOf recordOf);
std::unique_ptr<RowWriter> linesWriter(const Append& append, RecordOf recordOf);

}  // namespace stet::annotate
