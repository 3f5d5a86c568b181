// The numbered revisions of project.db: each a sentence and its SQL. A file with a larger number than the last is newer
// than this program.
#pragma once

#include <vector>

namespace stet::annotate {

struct SchemaRevision {
    int number;
    const char* sentence;
    const char* sql;
};

constexpr int kApplicationId = 0x53746574;  // "Stet"

const std::vector<SchemaRevision>& schemaRevisions();

}  // namespace stet::annotate
