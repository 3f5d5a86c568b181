#include "trainer/files/gguf/header_cursor.h"

#include "trainer/files/gguf/header.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace stet::files::gguf {

namespace {

constexpr std::uint64_t kWindow = std::uint64_t{256} << 10U;

}  // namespace

void HeaderCursor::need(std::uint64_t bytes, const char* what) const
{
    if (bytes > left()) {
        throw refusedGguf(m_file.path(), std::string("it ends within ") + what + " (truncated? download it again)");
    }
    if (bytes > kMaxHeaderBytes || m_position + bytes > kMaxHeaderBytes) {
        throw refusedGguf(m_file.path(),
                          std::string("its header goes on beyond ") + std::to_string(kMaxHeaderBytes >> 20U) +
                              " MiB, at " + what);
    }
}

void HeaderCursor::read(void* out, std::uint64_t bytes)
{
    if (bytes > kWindow) {
        m_file.read(m_position, out, bytes);
        m_position += bytes;
        return;
    }
    if (m_position < m_windowBegin || m_position + bytes > m_windowBegin + m_window.size()) {
        m_window.resize(std::min(kWindow, left()));
        m_windowBegin = m_position;
        m_file.read(m_windowBegin, m_window.data(), m_window.size());
    }
    std::memcpy(out, m_window.data() + (m_position - m_windowBegin), bytes);
    m_position += bytes;
}

std::uint64_t HeaderCursor::number(unsigned length, const char* what)
{
    need(length, what);
    std::array<std::uint8_t, 8> bytes = {};
    read(bytes.data(), length);
    std::uint64_t value = 0;
    for (unsigned i = length; i-- > 0;) {
        value = value << 8U | bytes[i];
    }
    return value;
}

std::uint64_t HeaderCursor::count(std::uint64_t leastBytes, const char* what)
{
    const std::uint64_t count = number64(what);
    if (count > left() / leastBytes) {
        throw refusedGguf(m_file.path(),
                          std::string("it claims ") + std::to_string(count) + " for " + what + ", which its " +
                              std::to_string(m_file.size()) + " bytes can't hold (truncated? download it again)");
    }
    return count;
}

std::string HeaderCursor::text(std::uint64_t most, const char* what)
{
    const std::uint64_t length = number64(what);
    if (length > most && length <= left()) {
        throw refusedGguf(m_file.path(),
                          std::string(what) + " has " + std::to_string(length) + " bytes, more than " +
                              std::to_string(most));
    }
    return bytes(length, what);
}

std::string HeaderCursor::bytes(std::uint64_t length, const char* what)
{
    need(length, what);
    std::string content(length, '\0');
    read(content.data(), length);
    return content;
}

}  // namespace stet::files::gguf
