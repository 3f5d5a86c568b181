#include "annotate/judgment/folded_text.h"

#include <cctype>

namespace stet::annotate {

bool isLetter(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || std::isalnum(byte) != 0;
}

std::string folded(std::string text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
        const auto become = [&](unsigned first, unsigned second) {
            text[i] = static_cast<char>(first);
            text[i + 1] = static_cast<char>(second);
        };
        if (lead < 0x80) {
            text[i] = static_cast<char>(std::tolower(lead));
        } else if (lead == 0xC3 && next >= 0x80 && next <= 0x9E && next != 0x97) {  // À–Þ
            become(0xC3, next + 0x20);
        } else if (lead == 0xCE && next >= 0x91 && next <= 0x9F) {  // Α–Ο
            become(0xCE, next + 0x20);
        } else if (lead == 0xCE && next >= 0xA0 && next <= 0xA9) {  // Π–Ω
            become(0xCF, next - 0x20);
        } else if (lead == 0xD0 && next >= 0x90 && next <= 0x9F) {  // А–П
            become(0xD0, next + 0x20);
        } else if (lead == 0xD0 && next >= 0xA0 && next <= 0xAF) {  // Р–Я
            become(0xD1, next - 0x20);
        } else if (lead == 0xD0 && next >= 0x80 && next <= 0x8F) {  // Ѐ–Џ
            become(0xD1, next + 0x10);
        }
    }
    return text;
}

bool endsWord(const std::string& text, std::size_t at)
{
    return at >= text.size() || !isLetter(text[at]);
}

bool beginsWith(const std::string& text, std::size_t at, std::string_view opening)
{
    return text.compare(at, opening.size(), opening) == 0;
}

bool holdsWord(const std::string& text, std::string_view word)
{
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
        if ((at == 0 || !isLetter(text[at - 1])) && endsWord(text, at + word.size())) {
            return true;
        }
    }
    return false;
}

std::string trimmed(const std::string& text)
{
    const auto begin = text.find_first_not_of(" \t\r\n");
    return begin == std::string::npos ? std::string()
                                      : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

}  // namespace stet::annotate
