// Tables: CSV and TSV, whose first row names the columns.
#include "annotate/exchange/formats/columns.h"
#include "annotate/exchange/formats/records.h"
#include "annotate/judgment/names.h"
#include "base/failure.h"
#include "base/foreign_data.h"
#include "base/table_reader.h"

#include <algorithm>
#include <filesystem>

namespace stet::annotate {

namespace {

std::string firstLineOf(const std::string& path)
{
    std::string line;
    TextLines lines(openText(path), path, TableReader::kMaxRowBytes);
    while (lines.next(line) && line.find_first_not_of(" \t\r") == std::string::npos) { }
    return line;
}

// A whole number as a spreadsheet writes it, or pandas where a cell of the column is empty.
Json idFrom(const std::string& cell)
{
    constexpr std::size_t kLongest = 18;
    const std::string digits = cell.ends_with(".0") ? cell.substr(0, cell.size() - 2) : cell;
    const bool isNumber = !digits.empty() && digits.size() <= kLongest &&
        digits.find_first_not_of("0123456789") == std::string::npos && (digits.size() == 1 || digits.front() != '0');
    return isNumber ? Json(std::stoll(digits)) : Json(cell);
}

class Reader final : public RowReader {
public:
    Reader(const std::string& path, char separator, const Columns& given) : m_table(openText(path), path, separator)
    {
        auto names = m_table.next();
        if (!names) {
            throw badInput(path + " holds no records");
        }
        m_names = std::move(*names);
        const Columns columns = columnsOf(m_names, given, path);
        for (std::size_t i = 0; i < m_names.size(); ++i) {
            const auto field =
                std::find_if(columns.begin(), columns.end(), [&](const auto& one) { return one.second == m_names[i]; });
            const std::string own = m_names[i].empty() ? "column " + std::to_string(i + 1) : m_names[i];
            m_fields.push_back(field == columns.end() ? own : field->first);
        }
        refuseTwice(path);
    }

    std::optional<DataRow> next() override
    {
        const auto cells = m_table.next();
        if (!cells) {
            return std::nullopt;
        }
        if (cells->size() != m_names.size()) {
            throw badInput(m_table.where() + ": " + std::to_string(cells->size()) + " cells, and the header has " +
                           std::to_string(m_names.size()) + "; is a quote or a separator missing?");
        }
        DataRow row{Json::object(), {}, m_table.where(), {}};
        for (std::size_t i = 0; i < cells->size(); ++i) {
            // Nothing is said by an empty cell; but an instruction that is empty is pointed out.
            if (!(*cells)[i].empty() || m_fields[i] == "instruction") {
                row.record[m_fields[i]] = valueOf(m_fields[i], (*cells)[i]);
            }
        }
        row.text = toLine(row.record);
        return row;
    }

private:
    void refuseTwice(const std::string& path) const
    {
        for (auto field = m_fields.begin(); field != m_fields.end(); ++field) {
            if (std::find(m_fields.begin(), field, *field) != field) {
                throw badInput(path + ": two columns are named '" + *field + "'; rename one");
            }
        }
    }

    Json valueOf(const std::string& field, const std::string& cell) const
    {
        if (field == "id") {
            return idFrom(cell);
        }
        return field == "messages" ? parseJson(cell, m_table.where() + ", messages") : Json(cell);
    }

    TableReader m_table;
    std::vector<std::string> m_names;   // as the header has them
    std::vector<std::string> m_fields;  // of ours, where they are one
};

constexpr std::array kWritten = {"id",       "instruction", "input",         "output",  "verdict",
                                 "judgment", "revision",    "demonstration", "messages"};

class Writer final : public RowWriter {
public:
    Writer(const Append& append, char separator) : m_append(append), m_separator(separator)
    {
        m_append(separator == ',' ? "\xEF\xBB\xBF" : "");  // without it spreadsheets take CSV for another encoding
        writeRow({kWritten.begin(), kWritten.end()});
    }

    bool write(const ResponseItem& item) override
    {
        const Json id = Json::parse(item.externalId, nullptr, false);
        writeRow({id.is_string() ? id.get<std::string>() : item.externalId, item.instruction, item.input, item.output,
                  verdictName(item.verdict), item.judgment, item.revision.value_or(""), item.demonstration.value_or(""),
                  item.messages});
        return true;
    }

private:
    void writeRow(const std::vector<std::string>& cells) const
    {
        std::string row;
        for (const auto& cell : cells) {
            row += (&cell == &cells.front() ? "" : std::string(1, m_separator)) + quoted(cell);
        }
        m_append(row + "\n");
    }

    std::string quoted(const std::string& cell) const
    {
        const char special[] = {m_separator, '"', '\n', '\r'};
        if (cell.find_first_of(std::string_view(special, sizeof special)) == std::string::npos) {
            return cell;
        }
        std::string text = "\"";
        for (const char c : cell) {
            text += c == '"' ? "\"\"" : std::string(1, c);
        }
        return text + '"';
    }

    const Append& m_append;
    char m_separator;
};

class TableFormat final : public Format {
public:
    explicit TableFormat(bool tabs) : m_tabs(tabs) { }

    std::string name() const override { return m_tabs ? "tsv" : "csv"; }
    std::string title() const override { return m_tabs ? "TSV table" : "CSV table"; }
    std::string extension() const override { return name(); }
    bool takesColumns() const override { return true; }

    bool recognises(const FileHead& head) const override
    {
        if (head.text.starts_with('{') || head.text.starts_with('[')) {
            return false;
        }
        const std::string line = head.text.substr(0, head.text.find('\n'));
        const auto separator = tableSeparator(line);
        if (separator && (*separator == '\t') == m_tabs && hasUsualColumn(cellsOf(line, *separator))) {
            return true;
        }
        return head.extension == "." + extension() && !foreignFile(head.text);  // a page that was saved as .csv is none
    }

    std::unique_ptr<RowReader> open(const std::string& path, const Columns& columns) const override
    {
        const auto separator = tableSeparator(firstLineOf(path));
        return std::make_unique<Reader>(path, separator.value_or(m_tabs ? '\t' : ','), columns);
    }

    std::unique_ptr<RowWriter> writer(const Append& append) const override
    {
        return std::make_unique<Writer>(append, m_tabs ? '\t' : ',');
    }

private:
    bool m_tabs;
};

}  // namespace

std::unique_ptr<const Format> makeCsvFormat()
{
    return std::make_unique<const TableFormat>(false);
}

std::unique_ptr<const Format> makeTsvFormat()
{
    return std::make_unique<const TableFormat>(true);
}

}  // namespace stet::annotate
