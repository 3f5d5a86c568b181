#include "contract/mark.h"

#include <optional>

namespace stet::contract {

namespace {

std::optional<Mark> markFrom(const Json& value, const std::string& what)
{
    try {
        const Mark mark = fromJson<Mark>(value, what);
        return mark.begin >= 0 && mark.end >= mark.begin ? std::optional(mark) : std::nullopt;
    } catch (const Failure&) {
        return std::nullopt;
    }
}

}  // namespace

Mark Codec<Mark>::read(const Json& value, const Place& place)
{
    // A number that nothing could have is named as everywhere.
    for (const char* field : {"begin", "end"}) {
        (void)(value.is_object() ? optionalInteger(value, field, place.what) : std::nullopt);
    }
    const auto mark = markFrom(value, place.what);
    if (!mark) {
        throw badInput(place.what + ": a mark needs 0 ≤ begin ≤ end and mark \"flag\" or \"clear\"");
    }
    return *mark;
}

std::vector<Mark> marksFromText(const std::string& json, const std::string& what)
{
    return Codec<std::vector<Mark>>::read(parseJson(json, what), {what, "marks"});
}

std::string marksToText(const std::vector<Mark>& marks)
{
    return Codec<std::vector<Mark>>::write(marks).dump();
}

}  // namespace stet::contract
