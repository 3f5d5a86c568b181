// Searches a text for the texts of special tokens. Value type; const calls are thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace stet::text {

// Finds them as the tokenizer does: leftmost, then longest. The time doesn't depend on their number; some families have
// thousands.
class SpecialTexts {
public:
    struct Stretch {
        std::size_t begin = 0;
        std::size_t end = 0;
    };
    explicit SpecialTexts(const std::vector<std::string>& texts);
    std::vector<Stretch> in(std::string_view text) const;

private:
    std::size_t
    longestAt(std::string_view rest) const;  // length of the longest special text that `rest` begins with; 0: none

    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    std::unordered_set<std::string, Hash, std::equal_to<>> m_texts;
    std::set<std::size_t, std::greater<>> m_lengths;
    std::string m_beginnings;  // first bytes
};

}  // namespace stet::text
