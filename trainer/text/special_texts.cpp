#include "trainer/text/special_texts.h"

#include <algorithm>

namespace stet::text {

SpecialTexts::SpecialTexts(const std::vector<std::string>& texts)
{
    for (const auto& text : texts) {
        if (!text.empty()) {
            m_texts.insert(text);
            m_lengths.insert(text.size());
            m_beginnings += m_beginnings.find(text.front()) == std::string::npos ? text.substr(0, 1) : "";
        }
    }
}

std::size_t SpecialTexts::longestAt(std::string_view rest) const
{
    const auto fits = [&](std::size_t length) {
        return length <= rest.size() && m_texts.contains(rest.substr(0, length));
    };
    const auto it = std::find_if(m_lengths.begin(), m_lengths.end(), fits);
    return it == m_lengths.end() ? 0 : *it;
}

std::vector<SpecialTexts::Stretch> SpecialTexts::in(std::string_view text) const
{
    std::vector<Stretch> found;
    for (auto at = text.find_first_of(m_beginnings); at != std::string_view::npos;) {
        const std::size_t length = longestAt(text.substr(at));
        if (length > 0) {
            found.push_back({at, at + length});
        }
        at = text.find_first_of(m_beginnings, at + std::max<std::size_t>(length, 1));
    }
    return found;
}

}  // namespace stet::text
