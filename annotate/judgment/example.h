// A response as the worker is told of it: the one place that says which of its parts a score or a round sees.
#pragma once

#include "annotate/judgment/types.h"
#include "contract/example.h"

namespace stet::annotate {

// With the judgment in force. An output that nobody judged is there as well: whoever trains on it leaves it out.
contract::Example exampleOf(const ResponseItem& item);

}  // namespace stet::annotate
