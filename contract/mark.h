// What a person marked in a response, by hand: in files, in requests and in the project's database
// [{"begin", "end", "mark": "flag" | "clear"}…]. Plain values; any thread.
#pragma once

#include "contract/codec.h"

#include <string>
#include <vector>

namespace stet::contract {

enum class MarkKind { Flag, Clear };

constexpr auto wordsOf(MarkKind /*of*/)
{
    return Words<MarkKind, 2>{{{MarkKind::Flag, "flag"}, {MarkKind::Clear, "clear"}}};
}

// Covers every token whose range overlaps [begin, end) in code points of the response.
struct Mark {
    int begin = 0;
    int end = 0;
    MarkKind kind = MarkKind::Flag;

    bool operator==(const Mark&) const = default;
    static constexpr auto fields()
    {
        return std::tuple{required("begin", &Mark::begin), required("end", &Mark::end), required("mark", &Mark::kind)};
    }
};

template <> struct Codec<Mark> {
    static Mark read(const Json& value, const Place& place);  // one sentence for whatever is wrong with it
    static Json write(const Mark& mark) { return toJson(mark); }
};

// Of a whole list, as text; `what` begins the messages.
std::vector<Mark> marksFromText(const std::string& json, const std::string& what);
std::string marksToText(const std::vector<Mark>& marks);

}  // namespace stet::contract
