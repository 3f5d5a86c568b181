#include "annotate/judgment/marks_json.h"

#include "base/failure.h"
#include "base/json.h"

#include <cstdint>
#include <optional>

namespace stet::annotate {

std::string marksToJson(const std::vector<Mark>& marks)
{
    Json list = Json::array();
    for (const auto& mark : marks) {
        list.push_back(
            {{"begin", mark.begin}, {"end", mark.end}, {"mark", mark.kind == MarkKind::Flag ? "flag" : "clear"}});
    }
    return list.dump();
}

std::vector<Mark> marksFromJson(const std::string& json, const std::string& where)
{
    const Json list = parseJson(json, where);
    if (!list.is_array()) {
        throw badInput(where + ": field 'marks' must be a list");
    }
    std::vector<Mark> marks;
    for (const auto& mark : list) {
        const auto begin = mark.is_object() ? optionalInteger(mark, "begin", where) : std::nullopt;
        const auto end = mark.is_object() ? optionalInteger(mark, "end", where) : std::nullopt;
        const auto kind = mark.is_object() ? optionalString(mark, "mark", where) : std::nullopt;
        if (!begin || !end || *begin < 0 || *end < *begin || *end > INT32_MAX || (kind != "flag" && kind != "clear")) {
            throw badInput(where + ": a mark needs 0 ≤ begin ≤ end and mark \"flag\" or \"clear\"");
        }
        marks.push_back(
            {static_cast<int>(*begin), static_cast<int>(*end), kind == "flag" ? MarkKind::Flag : MarkKind::Clear});
    }
    return marks;
}

}  // namespace stet::annotate
