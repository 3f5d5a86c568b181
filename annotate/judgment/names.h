// The words of verdicts and filters in files and on the command line.
#pragma once

#include "annotate/judgment/types.h"

#include <optional>
#include <string>

namespace stet::annotate {

std::string verdictName(Verdict verdict);

// "all, open, …", for messages and help.
std::string filterNames();

// nullopt for another word. "flagged" is taken for "bookmarked".
std::optional<QueueFilter> filterFromName(const std::string& name);

}  // namespace stet::annotate
