// The JSON list of the paper's code: id, instruction, input, output, judgment (null: accepted).
#include "annotate/exchange/formats/format.h"
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
        return DataRow{std::move(*record), m_list.text(), m_list.where()};
    }

private:
    JsonListReader m_list;
};

class Writer final : public RowWriter {
public:
    explicit Writer(const Append& append) : m_append(append) { }

    bool write(const ResponseItem& item) override
    {
        if (!item.hasOutput || (item.verdict != Verdict::Accepted && item.verdict != Verdict::Criticised)) {
            return false;
        }
        m_append((m_any ? ",\n    " : "[\n    ") + cutRecordText(item));
        m_any = true;
        return true;
    }

    void finish() override { m_append(m_any ? "\n]\n" : "[]\n"); }

private:
    const Append& m_append;
    bool m_any = false;
};

class CutFormat final : public Format {
public:
    std::string name() const override { return "cut"; }
    std::string title() const override { return "CUT JSON"; }
    std::string extension() const override { return "json"; }
    bool sniff(std::string_view head) const override { return head.starts_with('['); }
    std::unique_ptr<RowReader> open(const std::string& path) const override { return std::make_unique<Reader>(path); }
    std::unique_ptr<RowWriter> writer(const Append& append) const override { return std::make_unique<Writer>(append); }
};

}  // namespace

std::unique_ptr<const Format> makeCutFormat()
{
    return std::make_unique<const CutFormat>();
}

}  // namespace stet::annotate
