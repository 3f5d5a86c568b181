// Which column of a file is which of Stet's fields: as somebody says, or by the names that tables usually have. Pure.
#pragma once

#include "annotate/exchange/formats/format.h"

namespace stet::annotate {

// "instruction=prompt,output=answer", as `--columns` takes it. Failure(Usage): no such pairs, or no field of ours.
Columns columnsFrom(const std::string& pairs);

// Those that `given` says, and of the other fields those whose usual names are among `names` ("Prompt",
// "model_response", "回答"). where: the file, for messages. Failure(BadInput): `given` names one that is not there.
Columns columnsOf(const std::vector<std::string>& names, const Columns& given, const std::string& where);

// Is there a column that is usually an instruction or an output?
bool hasUsualColumn(const std::vector<std::string>& names);

// Rows whose fields have other names, in ours.
std::unique_ptr<RowReader> renamed(std::unique_ptr<RowReader> rows, const Columns& columns);

}  // namespace stet::annotate
