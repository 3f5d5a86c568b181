#include "base/json_list.h"

#include "base/failure.h"
#include "base/files.h"
#include "base/foreign_data.h"
#include "base/json_text.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>

namespace stet {

namespace {

constexpr std::size_t kChunkBytes = 1U << 16U;

}  // namespace

JsonListReader::JsonListReader(const std::string& path) : m_path(path)
{
    std::error_code problem;
    const auto status = std::filesystem::status(path, problem);
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
        throw badInput("Cannot read " + path + ": it is not a regular file; write the list into one");
    }
    m_file.open(path, std::ios::binary);
    if (!m_file) {
        throw badInput("Cannot open " + path + ": " + describeErrno(errno));
    }
    fill();
    if (const auto foreign = foreignFile(m_buffer)) {
        throw badInput(path + ": " + *foreign);
    }
    m_at = m_buffer.starts_with("\xEF\xBB\xBF") ? 3 : 0;
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
    m_buffer.resize(had + std::max(kChunkBytes, had));
    m_file.read(m_buffer.data() + had, static_cast<std::streamsize>(m_buffer.size() - had));
    m_buffer.resize(had + static_cast<std::size_t>(m_file.gcount()));
    if (m_file.bad()) {
        throw badInput("Cannot read " + m_path + " after record " + std::to_string(m_record));
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
        if (end != std::string::npos && (end < m_buffer.size() || m_file.eof())) {
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
