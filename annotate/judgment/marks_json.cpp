#include "annotate/judgment/marks_json.h"

#include "base/json.h"

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

std::vector<Mark> marksFromJson(const std::string& json)
{
    std::vector<Mark> marks;
    for (const auto& mark : parseJson(json, "marks")) {
        marks.push_back({mark.at("begin").get<int>(), mark.at("end").get<int>(),
                         mark.at("mark") == "flag" ? MarkKind::Flag : MarkKind::Clear});
    }
    return marks;
}

}  // namespace stet::annotate
