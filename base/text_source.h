// The text of a data file as UTF-8, piece by piece, whatever it is stored as: gzip is unpacked, UTF-16 becomes UTF-8, a
// byte order mark in front is left out. One owner, one thread; a file of any size with a few pieces in memory.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

namespace stet {

// Bytes, one piece behind the other. Failure(BadInput) of read() names the file.
class ByteSource {
public:
    static constexpr std::size_t kPieceBytes = std::size_t{1} << 16;

    virtual ~ByteSource() = default;
    // Appends the next piece, at most a few times kPieceBytes, to `into`; false: there was none any more.
    virtual bool read(std::string& into) = 0;
};

// Failure(BadInput): there is no such file, or it is no regular one (a FIFO is not waited for).
std::unique_ptr<ByteSource> openText(const std::string& path);

// A text that is in memory already.
std::unique_ptr<ByteSource> sourceOf(std::string text);

// The beginning of a text behind its white space, a piece of it or two; empty: there is nothing else.
std::string beginningOf(ByteSource& text);

// The lines of a text, one after the other.
class TextLines {
public:
    // name: the file, for messages.
    TextLines(std::unique_ptr<ByteSource> text, std::string name, std::size_t maxLineBytes);

    // The next line without its newline; false at the end. Failure(BadInput): longer than the bound, so that no file
    // fills the memory.
    bool next(std::string& line);

    int number() const { return m_number; }  // of the line returned last, from 1
    std::string where() const;               // "prompts.jsonl, line 12"
    // What of the text was read and not yet given out: before the first line its beginning.
    const std::string& head();

private:
    std::unique_ptr<ByteSource> m_text;
    std::string m_name;
    std::size_t m_max;
    std::string m_piece;  // from m_at on not yet given out
    std::size_t m_at = 0;
    int m_number = 0;
};

}  // namespace stet
