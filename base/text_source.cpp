#include "base/text_source.h"

#include "base/failure.h"
#include "base/files.h"
#include "base/gunzip.h"
#include "base/utf16.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <utility>

namespace stet {

namespace {

class FileBytes final : public ByteSource {
public:
    explicit FileBytes(const std::string& path) : m_path(path)
    {
        // Asked before opening: a FIFO would wait for its writer.
        std::error_code problem;
        const auto status = std::filesystem::status(path, problem);
        if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
            throw badInput("Cannot read " + path + ": it is not a regular file; write its content into one");
        }
        m_file.open(path, std::ios::binary);
        if (!m_file) {
            throw badInput("Cannot open " + path + ": " + describeErrno(errno));
        }
    }

    bool read(std::string& into) override
    {
        const std::size_t had = into.size();
        into.resize(had + kPieceBytes);
        m_file.read(into.data() + had, static_cast<std::streamsize>(kPieceBytes));
        into.resize(had + static_cast<std::size_t>(m_file.gcount()));
        if (m_file.bad()) {
            throw badInput("Cannot read " + m_path + " to its end: the disk gives an error");
        }
        return into.size() > had;
    }

private:
    std::string m_path;
    std::ifstream m_file;
};

// A source whose beginning was looked at.
class Replayed final : public ByteSource {
public:
    Replayed(std::string head, std::unique_ptr<ByteSource> rest) : m_head(std::move(head)), m_rest(std::move(rest)) { }

    bool read(std::string& into) override
    {
        if (!m_head.empty()) {
            into += std::exchange(m_head, {});
            return true;
        }
        return m_rest != nullptr && m_rest->read(into);
    }

private:
    std::string m_head;
    std::unique_ptr<ByteSource> m_rest;
};

// Enough of it to tell what it is.
std::string firstBytesOf(ByteSource& source)
{
    constexpr std::size_t kEnough = 64;
    std::string head;
    while (head.size() < kEnough && source.read(head)) { }
    return head;
}

std::unique_ptr<ByteSource> again(std::string head, std::unique_ptr<ByteSource> rest)
{
    return std::make_unique<Replayed>(std::move(head), std::move(rest));
}

}  // namespace

std::unique_ptr<ByteSource> openText(const std::string& path)
{
    std::unique_ptr<ByteSource> source = std::make_unique<FileBytes>(path);
    std::string head = firstBytesOf(*source);
    if (looksLikeGzip(head)) {
        source = gunzip(again(std::move(head), std::move(source)), path);
        head = firstBytesOf(*source);
    }
    if (const auto utf16 = utf16Of(head)) {
        return fromUtf16(again(std::move(head), std::move(source)), *utf16, path);
    }
    if (head.starts_with("\xEF\xBB\xBF")) {
        head.erase(0, 3);
    }
    return again(std::move(head), std::move(source));
}

std::unique_ptr<ByteSource> sourceOf(std::string text)
{
    return again(std::move(text), nullptr);
}

std::string beginningOf(ByteSource& text)
{
    for (std::string piece; text.read(piece); piece.clear()) {
        if (const auto first = piece.find_first_not_of(" \t\r\n"); first != std::string::npos) {
            piece.erase(0, first);
            text.read(piece);  // the border of two pieces may lie right here
            return piece;
        }
    }
    return {};
}

TextLines::TextLines(std::unique_ptr<ByteSource> text, std::string name, std::size_t maxLineBytes)
    : m_text(std::move(text)), m_name(std::move(name)), m_max(maxLineBytes)
{
}

std::string TextLines::where() const
{
    return m_name + ", line " + std::to_string(m_number);
}

const std::string& TextLines::head()
{
    if (m_at == m_piece.size()) {
        m_piece.clear();
        m_at = 0;
        m_text->read(m_piece);
    }
    return m_piece;
}

bool TextLines::next(std::string& line)
{
    line.clear();
    for (bool any = false;; any = true) {
        if (head().empty()) {
            m_number += any ? 1 : 0;
            return any;
        }
        const auto newline = m_piece.find('\n', m_at);
        line.append(m_piece, m_at, newline == std::string::npos ? newline : newline - m_at);
        m_at = newline == std::string::npos ? m_piece.size() : newline + 1;
        if (line.size() > m_max) {
            ++m_number;
            throw badInput(where() + ": longer than " + std::to_string(m_max >> 20U) + " MiB");
        }
        if (newline != std::string::npos) {
            ++m_number;
            return true;
        }
    }
}

}  // namespace stet
