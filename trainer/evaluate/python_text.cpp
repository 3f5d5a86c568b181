#include "trainer/evaluate/python_text.h"

#include "base/utf8.h"

#include <clocale>
#include <cwctype>

namespace stet::evaluate {

namespace {

// str.isspace(); of the characters beyond ASCII those of the Unicode kinds Zs and B, WS or S.
bool isSpace(char32_t c)
{
    return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
        (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

// The one character of valid UTF-8 in `bytes`.
char32_t decoded(std::string_view bytes)
{
    const auto first = static_cast<unsigned char>(bytes.front());
    if (bytes.size() == 1) {
        return first;
    }
    char32_t c = first & (0x7FU >> bytes.size());
    for (const char next : bytes.substr(1)) {
        c = c << 6U | (static_cast<unsigned char>(next) & 0x3FU);
    }
    return c;
}

void append(std::string& text, char32_t c)
{
    const auto tail = [&](int shift) { text += static_cast<char>(0x80U | (c >> shift & 0x3FU)); };
    if (c < 0x80) {
        text += static_cast<char>(c);
    } else if (c < 0x800) {
        text += static_cast<char>(0xC0U | c >> 6U);
        tail(0);
    } else if (c < 0x10000) {
        text += static_cast<char>(0xE0U | c >> 12U);
        tail(6);
        tail(0);
    } else {
        text += static_cast<char>(0xF0U | c >> 18U);
        tail(12);
        tail(6);
        tail(0);
    }
}

// The C library's tables of Unicode, whatever language the user has.
locale_t unicode()
{
    static const locale_t kLocale = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return kLocale;
}

char32_t inCase(char32_t c, bool large)
{
    if (c < 0x80) {
        const bool other = large ? c >= 'a' && c <= 'z' : c >= 'A' && c <= 'Z';
        return other ? c ^ 0x20U : c;
    }
    if (unicode() == nullptr) {
        return c;
    }
    const auto wide = static_cast<std::wint_t>(c);
    return static_cast<char32_t>(large ? ::towupper_l(wide, unicode()) : ::towlower_l(wide, unicode()));
}

}  // namespace

std::size_t trailingSpace(std::string_view text)
{
    std::size_t end = text.size();
    while (end > 0) {
        std::size_t begin = end - 1;
        while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80U) {
            --begin;
        }
        if (!isSpace(decoded(text.substr(begin, end - begin)))) {
            break;
        }
        end = begin;
    }
    return text.size() - end;
}

std::string stripped(std::string_view text)
{
    text.remove_suffix(trailingSpace(text));
    while (!text.empty()) {
        std::size_t size = 1;
        while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) {
            ++size;
        }
        if (!isSpace(decoded(text.substr(0, size)))) {
            break;
        }
        text.remove_prefix(size);
    }
    return std::string(text);
}

std::string capitalized(std::string_view text)
{
    const auto starts = codePointStarts(text);
    std::string result;
    for (std::size_t i = 0; i + 1 < starts.size(); ++i) {
        append(result, inCase(decoded(text.substr(starts[i], starts[i + 1] - starts[i])), i == 0));
    }
    return result;
}

std::string replacedAll(std::string_view text, std::string_view what, std::string_view with)
{
    std::string result;
    std::size_t from = 0;
    for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, from)) {
        result += text.substr(from, at - from);
        result += with;
        from = at + what.size();
    }
    return result += text.substr(from);
}

}  // namespace stet::evaluate
