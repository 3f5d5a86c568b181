// How a judgment reads: the rules of the coach in the window and of the linter at an import, stated plainly so that a
// reader can disagree with them. English and Chinese. Pure, any thread.
#pragma once

#include <string>
#include <vector>

namespace stet::annotate {

// Begins with praise and holds no "but", "however", … ("Perfect, but …" is a criticism).
bool readsLikePraise(const std::string& judgment);

// "$ERROR$", "n/a", "todo" and the like: what a program or a tired person writes in place of a judgment.
bool isPlaceholder(const std::string& judgment);

// The first quote (“…”, "…", 「…」, ‘…’; of three characters or more, 「…」 of one) when none of the judgment's quotes
// stands in any of `texts`; else empty. What should stand there is no such quote: 'should be "…"', 'write "…"', '"…"
// instead', 'leaves out "…"'. One quote that is found is enough. Upper and lower case are the same, and a quote may end
// with its sentence's own mark.
std::string absentQuote(const std::string& judgment, const std::vector<std::string>& texts);

}  // namespace stet::annotate
