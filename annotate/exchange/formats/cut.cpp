// The JSON list of the paper's code: id, instruction, input, output, judgment (null: accepted).
#include "annotate/exchange/formats/columns.h"
#include "annotate/exchange/formats/records.h"
#include "annotate/exchange/record_text.h"

namespace stet::annotate {

namespace {

std::optional<std::string> recordOf(const ResponseItem& item)
{
    const bool judged = item.verdict == Verdict::Accepted || item.verdict == Verdict::Criticised;
    return item.hasOutput && judged ? std::optional(cutRecordText(item)) : std::nullopt;
}

class CutFormat final : public Format {
public:
    std::string name() const override { return "cut"; }
    std::string title() const override { return "CUT JSON"; }
    std::string extension() const override { return "json"; }
    bool recognises(const FileHead& head) const override { return head.text.starts_with('['); }
    bool takesColumns() const override { return true; }
    std::unique_ptr<RowReader> open(const std::string& path, const Columns& columns) const override
    {
        return renamed(ownRows(readList(path)), columns);
    }
    std::unique_ptr<RowWriter> writer(const Append& append) const override { return listWriter(append, recordOf); }
};

}  // namespace

std::unique_ptr<const Format> makeCutFormat()
{
    return std::make_unique<const CutFormat>();
}

}  // namespace stet::annotate
