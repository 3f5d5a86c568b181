// Walks through a GGUF header piece by piece and never beyond the file's end or what a header may have. Used by
// header.cpp alone; lives on its stack.
#pragma once

#include "base/failure.h"
#include "trainer/files/open_file.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stet::files::gguf {

// The header of a model with a vocabulary of a quarter of a million tokens has ten MB.
constexpr std::uint64_t kMaxHeaderBytes = std::uint64_t{64} << 20U;

class HeaderCursor {
public:
    explicit HeaderCursor(const OpenFile& file) : m_file(file) { }

    std::uint64_t position() const { return m_position; }
    std::uint64_t left() const { return m_file.size() - m_position; }

    std::uint32_t number32(const char* what) { return static_cast<std::uint32_t>(number(4, what)); }
    std::uint64_t number64(const char* what) { return number(8, what); }
    // A count of things that take at least `leastBytes` each.
    std::uint64_t count(std::uint64_t leastBytes, const char* what);
    // A length and as many bytes.
    std::string text(std::uint64_t most, const char* what);
    std::string bytes(std::uint64_t length, const char* what);

private:
    std::uint64_t number(unsigned length, const char* what);
    void need(std::uint64_t bytes, const char* what) const;
    void read(void* out, std::uint64_t bytes);

    const OpenFile& m_file;
    std::uint64_t m_position = 0;
    // A window over the file: hundreds of thousands of short texts are not as many reads.
    std::vector<std::uint8_t> m_window;
    std::uint64_t m_windowBegin = 0;
};

}  // namespace stet::files::gguf
