#include "base/json_list.h"

#include "base/failure.h"
#include "base/foreign_data.h"
#include "base/json_text.h"

#include <algorithm>

namespace stet {

JsonListReader::JsonListReader(const std::string& path) : m_path(path), m_source(openText(path))
{
    fill();
    if (const auto foreign = foreignFile(m_buffer)) {
        throw badInput(path + ": " + *foreign);
    }
    if (peek() != '[') {
        throw badInput(path + ": a CUT file is one JSON list of records; for JSON Lines use the format jsonl");
    }
    ++m_at;
}

std::string JsonListReader::where() const
{
    return m_path + ", record " + std::to_string(m_record);
}

// More of the file behind what is there; as much again, so that a long element is searched a few times only.
bool JsonListReader::fill()
{
    m_buffer.erase(0, m_at);
    m_at = 0;
    const std::size_t had = m_buffer.size();
    const std::size_t wanted = had + std::max(ByteSource::kPieceBytes, had);
    while (!m_atEnd && m_buffer.size() < wanted) {
        m_atEnd = !m_source->read(m_buffer);
    }
    return m_buffer.size() > had;
}

// The next character that is no white space; 0 at the end of the file.
char JsonListReader::peek()
{
    for (;;) {
        m_at = std::min(m_buffer.find_first_not_of(" \t\r\n", m_at), m_buffer.size());
        if (m_at < m_buffer.size()) {
            return m_buffer[m_at];
        }
        if (!fill()) {
            return 0;
        }
    }
}

void JsonListReader::cutShort() const
{
    throw badInput(m_path + ": the list is cut short in record " + std::to_string(std::max(m_record, 1)) +
                   "; is the file complete?");
}

void JsonListReader::takeElement()
{
    ++m_record;
    for (;;) {
        const auto end = endOfJsonValue(m_buffer, m_at);
        // A number or a word may go on behind what was read.
        if (end != std::string::npos && (end < m_buffer.size() || m_atEnd)) {
            m_text = m_buffer.substr(m_at, end - m_at);
            m_at = end;
            return;
        }
        if (m_buffer.size() - m_at > kMaxElementBytes) {
            throw badInput(where() + ": longer than " + std::to_string(kMaxElementBytes >> 20U) + " MiB");
        }
        if (!fill()) {
            cutShort();
        }
    }
}

std::optional<Json> JsonListReader::next()
{
    if (m_ended) {
        return std::nullopt;
    }
    char c = peek();
    if (m_record > 0 && c == ',') {
        ++m_at;
        c = peek();
        if (c == ']') {
            throw badInput(where() + ": not valid JSON: a comma behind the last record");
        }
    } else if (m_record > 0 && c != ']' && c != 0) {
        throw badInput(where() + ": not valid JSON: no comma behind it");
    }
    if (c == 0) {
        cutShort();
    }
    if (c == ']') {
        ++m_at;
        if (peek() != 0) {
            throw badInput(m_path + ": not valid JSON: something stands behind the list");
        }
        m_ended = true;
        return std::nullopt;
    }
    takeElement();
    return parseJson(m_text, where());
}

}  // namespace stet
