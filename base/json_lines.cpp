#include "base/json_lines.h"

#include "base/failure.h"
#include "base/files.h"
#include "base/foreign_data.h"

#include <cerrno>
#include <filesystem>

namespace stet {

JsonLinesReader::JsonLinesReader(const std::string& path) : m_path(path)
{
    // Asked before opening: a FIFO would wait for its writer.
    std::error_code problem;
    const auto status = std::filesystem::status(path, problem);
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
        throw badInput("Cannot read " + path + ": it is not a regular file; write the lines into one");
    }
    m_file.open(path, std::ios::binary);
    if (!m_file) {
        throw badInput("Cannot open " + path + ": " + describeErrno(errno));
    }
}

std::string JsonLinesReader::where() const
{
    return m_path + ", line " + std::to_string(m_line);
}

// The next line without its newline; false at the end.
bool JsonLinesReader::readLine(std::string& line)
{
    constexpr std::streamsize kChunkBytes = 1 << 16;
    line.clear();
    for (bool any = false;; any = true) {
        if (m_at == m_chunk.size()) {
            m_chunk.resize(kChunkBytes);
            m_file.read(m_chunk.data(), kChunkBytes);
            m_chunk.resize(static_cast<std::size_t>(m_file.gcount()));
            m_at = 0;
            if (const auto foreign = m_line == 0 && !any ? foreignFile(m_chunk) : std::nullopt) {
                throw badInput(m_path + ": " + *foreign);
            }
            if (m_chunk.empty()) {
                m_line += any ? 1 : 0;
                return any;
            }
        }
        const auto newline = m_chunk.find('\n', m_at);
        line.append(m_chunk, m_at, newline == std::string::npos ? newline : newline - m_at);
        m_at = newline == std::string::npos ? m_chunk.size() : newline + 1;
        if (line.size() > kMaxLineBytes) {
            ++m_line;
            throw badInput(where() + ": longer than " + std::to_string(kMaxLineBytes >> 20U) + " MiB");
        }
        if (newline != std::string::npos) {
            ++m_line;
            return true;
        }
    }
}

std::optional<Json> JsonLinesReader::next()
{
    std::string& line = m_text;
    while (readLine(line)) {
        if (m_line == 1 && line.rfind("\xEF\xBB\xBF", 0) == 0) {
            line.erase(0, 3);
        }
        if (!line.empty() && line.back() == '\r') {
            line.pop_back();
        }
        if (line.find_first_not_of(" \t") == std::string::npos) {
            continue;
        }
        if (m_line == 1 && line.front() == '[') {
            throw badInput(where() + ": a JSON list; JSON Lines have one object a line, as `jq -c '.[]' " + m_path +
                           "` writes them");
        }
        Json value = parseJson(line, where());
        if (!value.is_object()) {
            throw badInput(where() + ": expected an object in braces, found " + std::string(value.type_name()));
        }
        return value;
    }
    if (m_file.bad()) {
        throw badInput("Cannot read " + m_path + " after line " + std::to_string(m_line));
    }
    return std::nullopt;
}

void LineBuffer::feed(std::string_view bytes)
{
    while (!bytes.empty()) {
        if (m_dropping) {
            const auto newline = bytes.find('\n');
            if (newline == std::string_view::npos) {
                return;
            }
            bytes.remove_prefix(newline + 1);
            m_dropping = false;
            continue;
        }
        // Only the new bytes are looked at: a long line comes in many pieces.
        const auto lastNewline = bytes.rfind('\n');
        m_tail = lastNewline == std::string_view::npos ? m_tail + bytes.size() : bytes.size() - lastNewline - 1;
        m_pending.append(bytes);
        bytes = {};
        if (m_tail > m_max) {
            m_pending.resize(m_pending.size() - m_tail);
            m_tail = 0;
            m_searched = 0;
            m_dropping = true;
            m_overflow = true;
        }
    }
}

std::optional<std::string> LineBuffer::take()
{
    for (;;) {
        const auto newline = m_pending.find('\n', m_searched);
        if (newline == std::string::npos) {
            m_searched = m_pending.size();
            return std::nullopt;
        }
        std::string line = m_pending.substr(0, newline);
        m_pending.erase(0, newline + 1);
        m_searched = 0;
        if (line.size() > m_max) {
            m_overflow = true;
            continue;
        }
        return line;
    }
}

bool LineBuffer::takeOverflow()
{
    return std::exchange(m_overflow, false);
}

}  // namespace stet
