// Stet's own lines, one object each: everything a project knows of a response, so that it reads back without loss.
#include "annotate/exchange/formats/columns.h"
#include "annotate/exchange/record_text.h"
#include "base/json_lines.h"

namespace stet::annotate {

namespace {

class Reader final : public RowReader {
public:
    explicit Reader(const std::string& path) : m_lines(path) { }

    std::optional<DataRow> next() override
    {
        auto record = m_lines.next();
        return record ? std::optional(DataRow{std::move(*record), m_lines.text(), m_lines.where(), {}}) : std::nullopt;
    }

private:
    JsonLinesReader m_lines;
};

class Writer final : public RowWriter {
public:
    explicit Writer(const Append& append) : m_append(append) { }

    bool write(const ResponseItem& item) override
    {
        m_append(lineRecordText(item) + "\n");
        return true;
    }

private:
    const Append& m_append;
};

class JsonLinesFormat final : public Format {
public:
    std::string name() const override { return "jsonl"; }
    std::string title() const override { return "JSON Lines"; }
    std::string extension() const override { return "jsonl"; }
    bool recognises(const FileHead& head) const override { return head.text.starts_with('{'); }
    bool takesColumns() const override { return true; }
    std::unique_ptr<RowReader> open(const std::string& path, const Columns& columns) const override
    {
        return renamed(std::make_unique<Reader>(path), columns);
    }
    std::unique_ptr<RowWriter> writer(const Append& append) const override { return std::make_unique<Writer>(append); }
};

}  // namespace

std::unique_ptr<const Format> makeJsonLinesFormat()
{
    return std::make_unique<const JsonLinesFormat>();
}

}  // namespace stet::annotate
