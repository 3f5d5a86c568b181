// Looks at rows for what spoils training: placeholder judgments, praise stored as criticism, empty and duplicate rows.
// Pure; keeps what it has seen to find duplicates.
#pragma once

#include "annotate/exchange/finding.h"
#include "annotate/store/import_batches.h"

#include <map>
#include <string>
#include <vector>

namespace stet::annotate {

class Linter {
public:
    // Findings of one row; several are possible.
    std::vector<Finding> look(const NewResponse& response, int row) const;
    // A later row with the same texts is one too many. Of a row that is left out this isn't said.
    void remember(const NewResponse& response, int row);

private:
    std::map<std::string, int> m_seen;  // instruction + response → first row
};

}  // namespace stet::annotate
