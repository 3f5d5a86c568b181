#include "base/json_lines.h"

#include "base/failure.h"
#include "base/foreign_data.h"

#include <utility>

namespace stet {

JsonLinesReader::JsonLinesReader(const std::string& path) : m_path(path), m_lines(openText(path), path, kMaxLineBytes)
{
}

std::optional<Json> JsonLinesReader::next()
{
    if (const auto foreign = lineNumber() == 0 ? foreignFile(m_lines.head()) : std::nullopt) {
        throw badInput(m_path + ": " + *foreign);
    }
    std::string& line = m_text;
    while (m_lines.next(line)) {
        if (!line.empty() && line.back() == '\r') {
            line.pop_back();
        }
        if (line.find_first_not_of(" \t") == std::string::npos) {
            continue;
        }
        if (lineNumber() == 1 && line.front() == '[') {
            throw badInput(where() + ": a JSON list; JSON Lines have one object a line, as `jq -c '.[]' " + m_path +
                           "` writes them");
        }
        Json value = parseJson(line, where());
        if (!value.is_object()) {
            throw badInput(where() + ": expected an object in braces, found " + std::string(value.type_name()));
        }
        return value;
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
