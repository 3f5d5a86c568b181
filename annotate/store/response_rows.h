// A response with all that is written about it, as one row of a query. annotate/store only.
#pragma once

#include "annotate/judgment/types.h"

#include <string>

namespace SQLite {
class Statement;
}

namespace stet::annotate {

// b is the batch, j the judgment in force, d its draft, w the draft of the revision.
constexpr const char* kFromResponses =
    " FROM responses r JOIN batches b ON b.id = r.batch LEFT JOIN judgments j ON j.seq = r.judgment "
    "LEFT JOIN drafts d ON d.response = r.id LEFT JOIN revision_drafts w ON w.response = r.id ";

// "SELECT … FROM …": a condition follows; each row is read by responseItemFrom.
std::string selectResponseItems();
ResponseItem responseItemFrom(SQLite::Statement& row);

}  // namespace stet::annotate
