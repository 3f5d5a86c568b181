#include "base/other_judgments.h"

#include "base/sha256.h"

#include <algorithm>

namespace stet {

OtherJudgments::OtherJudgments(std::vector<JudgedLine> judged, std::uint64_t seed)
{
    std::vector<std::pair<std::string, JudgedLine*>> keyed;
    keyed.reserve(judged.size());
    for (JudgedLine& one : judged) {
        keyed.emplace_back(toHex(sha256(std::to_string(seed) + ":" + std::to_string(one.line))), &one);
    }
    std::sort(keyed.begin(), keyed.end());
    m_ring.reserve(keyed.size());
    for (const auto& [key, one] : keyed) {
        m_place[one->line] = m_ring.size();
        m_ring.push_back(std::move(one->judgment));
    }
}

std::vector<std::string> OtherJudgments::of(int line, const std::optional<std::string>& own, std::size_t count) const
{
    std::vector<std::string> others;
    const auto place = m_place.find(line);
    const std::size_t start = place == m_place.end() ? 0 : place->second;
    for (std::size_t step = 1; step < m_ring.size() && others.size() < count; ++step) {
        const std::string& judgment = m_ring[(start + step) % m_ring.size()];
        if (judgment != own && std::find(others.begin(), others.end(), judgment) == others.end()) {
            others.push_back(judgment);
        }
    }
    return others;
}

}  // namespace stet
