// One data format of import and export: its name, how its files are recognised, how they are read and written. One file
// a format in this folder; formats.cpp lists them. Objects live as long as the program; any thread.
#pragma once

#include "annotate/judgment/types.h"
#include "base/files.h"
#include "base/json.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stet::annotate {

// A row of a file, in the fields of Stet's own lines (docs/headless.md), whatever the format calls them.
struct DataRow {
    Json record;
    std::string text;      // the record as JSON text: as the file has it, where the file has such records
    std::string where;     // "judgments.json, record 12"
    std::string unfit;     // a sentence: why it can't be taken; such a row is left out and pointed out
    bool foreign = false;  // another program's: fields that mean nothing here are no mistakes
};

// What is known of a file before it is read.
struct FileHead {
    std::string text;       // its first bytes, unpacked, as UTF-8, without leading white space
    Json record;            // of JSON the first record; else null
    std::string extension;  // ".csv", in lower case, also of NAME.csv.gz
};

// For files that name their columns as they like: a field of ours → its name there.
using Columns = std::map<std::string, std::string>;

// Rows one after the other, so that a file may be larger than the memory. One owner. Failure(BadInput) names the file
// and the row.
class RowReader {
public:
    virtual ~RowReader() = default;
    virtual std::optional<DataRow> next() = 0;
};

class RowWriter {
public:
    virtual ~RowWriter() = default;
    // False: the format can't say it (a CUT record has a verdict), and it is left out.
    virtual bool write(const ResponseItem& item) = 0;
    virtual void finish() { }  // once, behind the last
};

class Format {
public:
    virtual ~Format() = default;
    virtual std::string name() const = 0;       // on the command line and in settings: "jsonl"
    virtual std::string title() const = 0;      // for people, English: "JSON Lines"
    virtual std::string extension() const = 0;  // of its files, without a point
    virtual bool recognises(const FileHead& head) const = 0;
    // columns: empty, or of a format that takes them.
    virtual std::unique_ptr<RowReader> open(const std::string& path, const Columns& columns) const = 0;
    virtual bool takesColumns() const { return false; }
    // Takes what is written to `append`, which must outlive the writer. nullptr: the format is only read.
    virtual std::unique_ptr<RowWriter> writer(const Append& append) const = 0;
    virtual bool isWritten() const { return true; }
};

// In the order in which they are offered. Asked whose a file is they are from the end: the first take what is left.
const std::vector<const Format*>& formats();
std::string formatNames();         // "cut, jsonl, lines"
std::string writtenFormatNames();  // "cut, jsonl"

// Failure(Usage): there is none of that name.
const Format& formatNamed(const std::string& name);
// By content. columns: among the formats that take them. Failure(BadInput): the file can't be read, or is of a kind
// that isn't read; it is named.
const Format& formatOfFile(const std::string& path, const Columns& columns = {});
// For a file that is to be written, by its name's end; nullptr: none has it.
const Format* formatByExtension(const std::string& path);

// The rows of a text that asks something on every line, as the format "lines" has them; name: for messages.
std::shared_ptr<RowReader> linesOf(const std::string& text, const std::string& name);

// The formats themselves.
std::unique_ptr<const Format> makeCutFormat();
std::unique_ptr<const Format> makeJsonLinesFormat();
std::unique_ptr<const Format> makeAlpacaFormat();
std::unique_ptr<const Format> makeOpenAiFormat();
std::unique_ptr<const Format> makeShareGptFormat();
std::unique_ptr<const Format> makeShepherdFormat();
std::unique_ptr<const Format> makeUltraFeedbackFormat();
std::unique_ptr<const Format> makeTrlFormat();
std::unique_ptr<const Format> makeTrlPairsFormat();
std::unique_ptr<const Format> makeCsvFormat();
std::unique_ptr<const Format> makeTsvFormat();
std::unique_ptr<const Format> makeLinesFormat();

}  // namespace stet::annotate
