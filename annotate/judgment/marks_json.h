// The annotator's marks as they stand in files and in the database: [{"begin", "end", "mark": "flag" | "clear"}].
#pragma once

#include "annotate/judgment/types.h"

#include <string>
#include <vector>

namespace stet::annotate {

std::string marksToJson(const std::vector<Mark>& marks);

// Failure(BadInput), its message beginning with `where`, for what is no such list.
std::vector<Mark> marksFromJson(const std::string& json, const std::string& where = "marks");

}  // namespace stet::annotate
