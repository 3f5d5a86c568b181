#include "base/table_reader.h"

#include "base/failure.h"
#include "base/utf8.h"

#include <algorithm>
#include <utility>

namespace stet {

namespace {
constexpr std::size_t kMostCells = 10'000;
}

std::optional<char> tableSeparator(std::string_view header)
{
    std::optional<char> best;
    std::size_t most = 1;
    for (const char separator : {'\t', ',', ';'}) {
        if (const auto count = cellsOf(header, separator).size(); count > most) {
            best = separator;
            most = count;
        }
    }
    return best;
}

std::vector<std::string> cellsOf(std::string_view line, char separator)
{
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (const char c : line) {
        if (c == '"') {
            quoted = !quoted;
        } else if (c == separator && !quoted) {
            cells.emplace_back();
        } else if (c != '\r') {
            cells.back() += c;
        }
    }
    return cells;
}

TableReader::TableReader(std::unique_ptr<ByteSource> text, std::string name, char separator)
    : m_text(std::move(text)), m_name(std::move(name)), m_separator(separator)
{
}

std::string TableReader::where() const
{
    return m_name + ", line " + std::to_string(m_begin);
}

bool TableReader::fill()
{
    if (m_at < m_piece.size()) {
        return true;
    }
    m_piece.clear();
    m_at = 0;
    return m_text->read(m_piece);
}

// 0 at the end; a NUL in a text is no separator either.
char TableReader::peek()
{
    return fill() ? m_piece[m_at] : '\0';
}

void TableReader::take(std::string& cell, std::size_t count)
{
    const std::string_view some(m_piece.data() + m_at, count);
    m_line += static_cast<int>(std::count(some.begin(), some.end(), '\n'));
    cell += some;
    m_at += count;
    m_rowBytes += count;
    if (m_rowBytes > kMaxRowBytes) {
        throw badInput(where() + ": the row that begins here is longer than " + std::to_string(kMaxRowBytes >> 20U) +
                       " MiB; is a quote missing?");
    }
}

// Behind an opening quote, up to behind the closing one.
void TableReader::takeQuoted(std::string& cell)
{
    const int opened = m_line;
    for (;;) {
        if (!fill()) {
            throw badInput(m_name + ", line " + std::to_string(opened) +
                           ": the quote that opens here does not end; is the file complete?");
        }
        const auto quote = m_piece.find('"', m_at);
        take(cell, std::min(quote, m_piece.size()) - m_at);
        if (quote == std::string::npos) {
            continue;
        }
        ++m_at;
        if (peek() != '"') {
            return;
        }
        take(cell, 1);
    }
}

// False behind the last cell of the row.
bool TableReader::takeCell(std::vector<std::string>& cells)
{
    std::string& cell = cells.emplace_back();
    if (peek() == '"') {
        ++m_at;
        takeQuoted(cell);
    }
    const char ends[] = {m_separator, '\n', '\r'};
    while (fill()) {
        const auto end = std::min(m_piece.find_first_of(std::string_view(ends, sizeof ends), m_at), m_piece.size());
        take(cell, end - m_at);
        if (end == m_piece.size()) {
            continue;
        }
        const char c = m_piece[m_at++];
        if (c == m_separator) {
            return true;
        }
        if (c == '\r' && peek() == '\n') {
            ++m_at;
        }
        ++m_line;  // also of a '\r' alone, as old programs write it
        return false;
    }
    return false;
}

std::optional<std::vector<std::string>> TableReader::next()
{
    while (fill()) {
        m_begin = m_line;
        m_rowBytes = 0;
        std::vector<std::string> cells;
        while (takeCell(cells)) {
            if (cells.size() == kMostCells) {
                throw badInput(where() + ": a row of more than " + std::to_string(kMostCells) +
                               " columns; is it a table?");
            }
        }
        if (cells.size() == 1 && cells.front().empty()) {
            continue;
        }
        for (const auto& cell : cells) {
            if (!isValidUtf8(cell)) {
                throw badInput(where() + ": it is not UTF-8; save the table as \"CSV UTF-8\"");
            }
        }
        return cells;
    }
    return std::nullopt;
}

}  // namespace stet
