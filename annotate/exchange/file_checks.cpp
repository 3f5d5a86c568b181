#include "annotate/exchange/file_checks.h"

#include "annotate/exchange/record_text.h"

namespace stet::annotate {

std::vector<Finding> UnknownFields::look(const Json& record, const std::string& id, int row)
{
    constexpr std::size_t kMostNamed = 10;
    constexpr std::size_t kLongestName = 80;
    std::vector<Finding> findings;
    for (const auto& [name, value] : record.items()) {
        if (!isKnownField(name) && m_named.size() < kMostNamed && m_named.insert(name).second) {
            findings.push_back(
                {row, id, "The field '" + name.substr(0, kLongestName) + "' means nothing here; it is kept as it came.",
                 "Check its spelling."});
        }
    }
    return findings;
}

void FileIds::give(NewResponse& r)
{
    while (r.externalId.empty()) {
        const std::string number = std::to_string(++m_last);
        if (m_rows.count(number) == 0 && !m_project.findExternal(number)) {
            r.externalId = number;
        }
    }
}

std::optional<Finding> FileIds::look(const NewResponse& r, int row)
{
    const auto [first, fresh] = m_rows.emplace(r.externalId, row);
    if (!fresh) {
        return Finding{row, r.externalId, "Row " + std::to_string(first->second) + " has the same id.",
                       "Give each row an id of its own."};
    }
    const auto id = m_project.findExternal(r.externalId);
    const auto item = id ? m_project.item(*id) : std::nullopt;
    if (!item) {
        return std::nullopt;
    }
    const bool same = item->instruction == r.instruction && item->output == r.output;
    return Finding{row, r.externalId,
                   same ? "The project has this response already." : "Another response of the project has this id.",
                   same ? "Keep one of them." : "Give it an id of its own."};
}

}  // namespace stet::annotate
