// The JSON list of the paper's code: id, instruction, input, output, judgment (null: accepted).
#include "annotate/exchange/formats/columns.h"
#include "annotate/exchange/formats/records.h"
#include "annotate/exchange/record_text.h"
#include "base/failure.h"
#include "base/json_list.h"

namespace stet::annotate {

namespace {

class Reader final : public RowReader {
public:
    explicit Reader(const std::string& path) : m_list(path) { }

    std::optional<DataRow> next() override
    {
        auto record = m_list.next();
        if (!record) {
            return std::nullopt;
        }
        if (!record->is_object()) {
            throw badInput(m_list.where() + ": expected an object, found " + std::string(record->type_name()));
        }
        return DataRow{std::move(*record), m_list.text(), m_list.where(), {}};
    }

private:
    JsonListReader m_list;
};

class Writer final : public RowWriter {
public:
    explicit Writer(const Append& append) : m_list(append) { }

    bool write(const ResponseItem& item) override
    {
        if (!item.hasOutput || (item.verdict != Verdict::Accepted && item.verdict != Verdict::Criticised)) {
            return false;
        }
        m_list.add(cutRecordText(item));
        return true;
    }

    void finish() override { m_list.finish(); }

private:
    ListText m_list;
};

class CutFormat final : public Format {
public:
    std::string name() const override { return "cut"; }
    std::string title() const override { return "CUT JSON"; }
    std::string extension() const override { return "json"; }
    bool recognises(const FileHead& head) const override { return head.text.starts_with('['); }
    bool takesColumns() const override { return true; }
    std::unique_ptr<RowReader> open(const std::string& path, const Columns& columns) const override
    {
        return renamed(std::make_unique<Reader>(path), columns);
    }
    std::unique_ptr<RowWriter> writer(const Append& append) const override { return std::make_unique<Writer>(append); }
};

}  // namespace

std::unique_ptr<const Format> makeCutFormat()
{
    return std::make_unique<const CutFormat>();
}

}  // namespace stet::annotate
