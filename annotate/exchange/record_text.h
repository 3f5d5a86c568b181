// A response as a record of a file, and back: which fields there are, in which order, and what they mean (fields as in
// docs/headless.md, and "verdict", "hint", "provenance"). Fields that mean nothing here go through as they are written.
// Pure.
#pragma once

#include "annotate/exchange/formats/format.h"
#include "annotate/store/import_batches.h"
#include "annotate/store/instruction_sets.h"

#include <string>
#include <string_view>

namespace stet::annotate {

// One JSON object on one line. cut: the fields of the paper's files, and the better answers; line: everything.
std::string cutRecordText(const ResponseItem& item);
std::string lineRecordText(const ResponseItem& item);

// Failure(BadInput) names the row and the field. The id is empty where the row has none; what it says of no author is
// from nobody.
NewResponse responseFromRow(const DataRow& row);

// Is the row one that nobody has answered: neither an output nor anything said about one?
bool isInstructionAlone(const DataRow& row);
// What such a row asks, and of another what its response answers, with the output. Failure(BadInput) as above.
Instruction instructionFromRow(const DataRow& row);

// Does a field of this name mean something here?
bool isKnownField(std::string_view name);

}  // namespace stet::annotate
