// How a judgment reads: the rules of the coach in the window and of the linter at an import, stated plainly so that a
// reader can disagree with them. English and Chinese. Pure, any thread.
#pragma once

#include <string>

namespace stet::annotate {

// Begins with praise and holds no "but", "however", … ("Perfect, but …" is a criticism).
bool readsLikePraise(const std::string& judgment);

// "$ERROR$", "n/a", "todo" and the like: what a program or a tired person writes in place of a judgment.
bool isPlaceholder(const std::string& judgment);

}  // namespace stet::annotate
