// JSON Lines: one JSON object a line. A reader that names file and line in every error, and a line buffer for pipes.
#pragma once

#include "base/json.h"
#include "base/text_source.h"

#include <optional>
#include <string>

namespace stet {

// Reads a file line by line, packed and encoded as base/text_source.h says; blank lines are skipped, a CR before the
// newline is accepted. Not thread-safe; one owner. Failure(BadInput): "prompts.jsonl, line 12: …"; a file of another
// kind is named for what it is. A line is bounded while it is read, so no file fills the memory.
class JsonLinesReader {
public:
    static constexpr std::size_t kMaxLineBytes = std::size_t{16} << 20;  // what the protocol takes as well

    explicit JsonLinesReader(const std::string& path);

    // The next object, or nullopt at the end. Not an object, not JSON, too long: Failure(BadInput).
    std::optional<Json> next();

    int lineNumber() const { return m_lines.number(); }    // of the object returned last, from 1
    std::string where() const { return m_lines.where(); }  // "prompts.jsonl, line 12"
    const std::string& text() const { return m_text; }     // of that object, as it is written

private:
    std::string m_path;
    TextLines m_lines;
    std::string m_text;
};

// Cuts a byte stream into lines with a bound, for protocol pipes: feed() bytes, take() whole lines.
class LineBuffer {
public:
    explicit LineBuffer(std::size_t maxLineBytes) : m_max(maxLineBytes) { }

    void feed(std::string_view bytes);
    std::optional<std::string> take();
    // True once a line outgrew the bound; its bytes are dropped up to the next newline, and the flag is cleared by
    // asking.
    bool takeOverflow();

private:
    std::size_t m_max;
    std::string m_pending;
    std::size_t m_searched = 0;
    std::size_t m_tail = 0;  // bytes after the last newline
    bool m_dropping = false;
    bool m_overflow = false;
};

}  // namespace stet
