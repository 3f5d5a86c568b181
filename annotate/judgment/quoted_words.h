// The words that a judgment quotes, and where they stand in the response: who quotes what is wrong has said which words
// are meant. For the coach, the linter and the marks that are set at one press. English and Chinese; pure, any thread.
#pragma once

#include "annotate/judgment/types.h"

#include <compare>
#include <string>
#include <vector>

namespace stet::annotate {

struct TextRange {
    int begin = 0;  // code points
    int end = 0;
    auto operator<=>(const TextRange&) const = default;  // NOLINT(modernize-use-nullptr): the 0 it compares with
};

// The first quote (“…”, "…", 「…」, ‘…’; of three characters or more, 「…」 of one) when none of the judgment's quotes
// stands in any of `texts`; else empty. What should stand there is no such quote: 'should be "…"', 'write "…"', '"…"
// instead', 'leaves out "…"'. One quote that is found is enough. Upper and lower case are the same, and a quote may end
// with its sentence's own mark.
std::string absentQuote(const std::string& judgment, const std::vector<std::string>& texts);

// Where the response holds what the judgment quotes of it, in order: whole words, as absentQuote reads quotes. What
// should stand there instead is not looked for.
std::vector<TextRange> quotedPlaces(const std::string& judgment, const std::string& response);

// The marks, and a flag on each place that no mark touches: what somebody marked by hand stays.
std::vector<Mark> withFlags(std::vector<Mark> marks, const std::vector<TextRange>& places);

}  // namespace stet::annotate
