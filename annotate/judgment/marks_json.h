// The annotator's marks as they stand in files and in the database: [{"begin", "end", "mark": "flag" | "clear"}].
#pragma once

#include "annotate/judgment/types.h"

#include <string>
#include <vector>

namespace stet::annotate {

std::string marksToJson(const std::vector<Mark>& marks);

// Failure(BadInput) for what is no JSON; nlohmann's exception where a field is missing or of another type.
std::vector<Mark> marksFromJson(const std::string& json);

}  // namespace stet::annotate
