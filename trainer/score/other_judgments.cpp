#include "trainer/score/other_judgments.h"

#include "base/sha256.h"

#include <algorithm>

namespace stet::score {

OtherJudgments::OtherJudgments(const std::vector<files::Example>& examples, std::uint64_t seed)
{
    std::vector<std::pair<std::string, const files::Example*>> keyed;
    for (const auto& example : examples) {
        if (example.judgment) {
            keyed.emplace_back(toHex(sha256(std::to_string(seed) + ":" + std::to_string(example.line))), &example);
        }
    }
    std::sort(keyed.begin(), keyed.end());
    for (const auto& [key, example] : keyed) {
        m_place[example->line] = m_ordered.size();
        m_ordered.push_back(example);
    }
}

std::vector<std::string> OtherJudgments::of(const files::Example& example, std::size_t count) const
{
    std::vector<std::string> others;
    const auto place = m_place.find(example.line);
    const std::size_t start = place == m_place.end() ? 0 : place->second;
    for (std::size_t step = 1; step < m_ordered.size() && others.size() < count; ++step) {
        const auto& judgment = *m_ordered[(start + step) % m_ordered.size()]->judgment;
        if (judgment != example.judgment && std::find(others.begin(), others.end(), judgment) == others.end()) {
            others.push_back(judgment);
        }
    }
    return others;
}

}  // namespace stet::score
