// Stet's own lines, one object each: everything a project knows of a response, so that it reads back without loss.
#include "annotate/exchange/formats/columns.h"
#include "annotate/exchange/formats/records.h"
#include "annotate/exchange/record_text.h"

namespace stet::annotate {

namespace {

std::optional<std::string> recordOf(const ResponseItem& item)
{
    return lineRecordText(item);
}

class JsonLinesFormat final : public Format {
public:
    std::string name() const override { return "jsonl"; }
    std::string title() const override { return "JSON Lines"; }
    std::string extension() const override { return "jsonl"; }
    bool recognises(const FileHead& head) const override { return head.text.starts_with('{'); }
    bool takesColumns() const override { return true; }
    std::unique_ptr<RowReader> open(const std::string& path, const Columns& columns) const override
    {
        return renamed(ownRows(readLines(path)), columns);
    }
    std::unique_ptr<RowWriter> writer(const Append& append) const override { return linesWriter(append, recordOf); }
};

}  // namespace

std::unique_ptr<const Format> makeJsonLinesFormat()
{
    return std::make_unique<const JsonLinesFormat>();
}

}  // namespace stet::annotate
