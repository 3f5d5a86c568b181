// Tables as text: CSV and TSV as spreadsheets and pandas write them (RFC 4180), row by row: a file of any size with one
// row in memory. Packed and encoded as base/text_source.h says. One owner, one thread.
#pragma once

#include "base/text_source.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stet {

// The separator between the columns of a table whose header is this line: that of `,` `;` and a tab which gives the
// most. nullopt: it has one column only.
std::optional<char> tableSeparator(std::string_view header);

// The cells of one line that stands by itself; quotes as below.
std::vector<std::string> cellsOf(std::string_view line, char separator);

class TableReader {
public:
    static constexpr std::size_t kMaxRowBytes = std::size_t{16} << 20;

    // name: the file, for messages.
    TableReader(std::unique_ptr<ByteSource> text, std::string name, char separator);

    // The next row's cells; a cell in double quotes may hold separators, newlines, and doubled quotes. Blank lines are
    // left out. nullopt at the end. Failure(BadInput): not UTF-8, a quote that does not end, a row beyond the bound.
    std::optional<std::vector<std::string>> next();

    int line() const { return m_begin; }  // on which the row returned last begins, from 1
    std::string where() const;            // "answers.csv, line 12"

private:
    bool fill();
    bool takeCell(std::vector<std::string>& cells);
    void takeQuoted(std::string& cell);
    void take(std::string& cell, std::size_t count);
    char peek();

    std::unique_ptr<ByteSource> m_text;
    std::string m_name;
    char m_separator;
    std::string m_piece;  // from m_at on not yet taken
    std::size_t m_at = 0;
    std::size_t m_rowBytes = 0;
    int m_line = 1;
    int m_begin = 0;
};

}  // namespace stet
