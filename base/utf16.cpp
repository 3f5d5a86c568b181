#include "base/utf16.h"

#include "base/failure.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace stet {

namespace {

using namespace std::string_view_literals;

constexpr std::uint32_t kReplacement = 0xFFFD;
constexpr std::uint32_t kMark = 0xFEFF;

void append(std::string& text, std::uint32_t point)
{
    const auto tail = [&](unsigned shift) { text += static_cast<char>(0x80U | (point >> shift & 0x3FU)); };
    if (point < 0x80) {
        text += static_cast<char>(point);
    } else if (point < 0x800) {
        text += static_cast<char>(0xC0U | point >> 6U);
        tail(0);
    } else if (point < 0x10000) {
        text += static_cast<char>(0xE0U | point >> 12U);
        tail(6);
        tail(0);
    } else {
        text += static_cast<char>(0xF0U | point >> 18U);
        tail(12);
        tail(6);
        tail(0);
    }
}

bool isHigh(std::uint32_t unit)
{
    return unit >= 0xD800 && unit < 0xDC00;
}

bool isLow(std::uint32_t unit)
{
    return unit >= 0xDC00 && unit < 0xE000;
}

class FromUtf16 final : public ByteSource {
public:
    FromUtf16(std::unique_ptr<ByteSource> units, Utf16 order, std::string path)
        : m_units(std::move(units)), m_order(order), m_path(std::move(path))
    {
    }

    bool read(std::string& into) override
    {
        const std::size_t had = into.size();
        while (into.size() == had && !m_ended) {
            if (m_units->read(m_bytes)) {
                takeWholeUnits(into);
            } else {
                end(into);
            }
        }
        return into.size() > had;
    }

private:
    void takeWholeUnits(std::string& into)
    {
        std::size_t at = 0;
        for (; at + 2 <= m_bytes.size(); at += 2) {
            const auto first = static_cast<unsigned char>(m_bytes[at]);
            const auto second = static_cast<unsigned char>(m_bytes[at + 1]);
            const bool little = m_order == Utf16::LittleEndian;
            take(into, static_cast<std::uint32_t>(little ? second : first) << 8U | (little ? first : second));
        }
        m_bytes.erase(0, at);
    }

    void take(std::string& into, std::uint32_t unit)
    {
        if (std::exchange(m_first, false) && unit == kMark) {
            return;
        }
        const std::uint32_t high = std::exchange(m_high, 0);
        if (high != 0 && isLow(unit)) {
            append(into, 0x10000 + ((high - 0xD800) << 10U) + (unit - 0xDC00));
            return;
        }
        if (high != 0) {
            append(into, kReplacement);
        }
        if (isHigh(unit)) {
            m_high = unit;
        } else {
            append(into, isLow(unit) ? kReplacement : unit);
        }
    }

    void end(std::string& into)
    {
        m_ended = true;
        if (!m_bytes.empty()) {
            throw badInput(m_path + ": a text in UTF-16 that ends within a character; is the file complete?");
        }
        if (m_high != 0) {
            append(into, kReplacement);
        }
    }

    std::unique_ptr<ByteSource> m_units;
    Utf16 m_order;
    std::string m_path;
    std::string m_bytes;       // less than a unit, between two pieces
    std::uint32_t m_high = 0;  // whose other half is to come
    bool m_first = true;
    bool m_ended = false;
};

// Every other byte of ASCII is NUL, and no byte between them is.
bool hasZerosAt(std::string_view head, std::size_t from)
{
    std::size_t zeros = 0;
    for (std::size_t i = 0; i < head.size(); ++i) {
        const bool zero = head[i] == '\0';
        if (zero && i % 2 != from) {
            return false;
        }
        zeros += zero ? 1 : 0;
    }
    return 3 * zeros >= head.size();
}

}  // namespace

std::optional<Utf16> utf16Of(std::string_view head)
{
    constexpr std::size_t kLooked = 64;
    constexpr std::size_t kLeast = 8;
    if (head.starts_with("\xFF\xFE\0\0"sv) || head.starts_with("\0\0\xFE\xFF"sv)) {
        return std::nullopt;  // UTF-32
    }
    if (head.starts_with("\xFF\xFE"sv)) {
        return Utf16::LittleEndian;
    }
    if (head.starts_with("\xFE\xFF"sv)) {
        return Utf16::BigEndian;
    }
    const auto some = head.substr(0, kLooked);
    if (some.size() < kLeast) {
        return std::nullopt;
    }
    if (hasZerosAt(some, 1)) {
        return Utf16::LittleEndian;
    }
    return hasZerosAt(some, 0) ? std::optional(Utf16::BigEndian) : std::nullopt;
}

std::unique_ptr<ByteSource> fromUtf16(std::unique_ptr<ByteSource> units, Utf16 order, const std::string& path)
{
    return std::make_unique<FromUtf16>(std::move(units), order, path);
}

}  // namespace stet
