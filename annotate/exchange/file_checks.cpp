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
                {FindingKind::UnknownField, row, id,
                 "The field '" + name.substr(0, kLongestName) + "' means nothing here; it is kept as it came.",
                 "Check its spelling.", name.substr(0, kLongestName)});
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

std::optional<Finding> FileIds::look(const NewResponse& r, int row) const
{
    if (const auto first = m_rows.find(r.externalId); first != m_rows.end()) {
        return Finding{FindingKind::SameId,
                       row,
                       r.externalId,
                       "Row " + std::to_string(first->second) + " has the same id.",
                       "Give each row an id of its own.",
                       excerptOf(r.output)};
    }
    const auto id = m_project.findExternal(r.externalId);
    const auto item = id ? m_project.item(*id) : std::nullopt;
    if (!item) {
        return std::nullopt;
    }
    const bool same = textsHash(item->instruction, item->input, item->output, item->messages) ==
        textsHash(r.instruction, r.input, r.output, r.messages);
    return Finding{same ? FindingKind::Known : FindingKind::OthersId,
                   row,
                   r.externalId,
                   same ? "The project has this response already." : "Another response of the project has this id.",
                   same ? "Keep one of them." : "Give it an id of its own.",
                   excerptOf(r.output)};
}

void FileIds::remember(const NewResponse& r, int row)
{
    m_rows.emplace(r.externalId, row);
}

}  // namespace stet::annotate
