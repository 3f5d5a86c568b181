// A row's name, field 'id'. Pure, any thread.
#pragma once

#include "base/json.h"

#include <optional>

namespace stet {

// As it is kept: a text, or a whole number of at most 64 bits; 1.0 (as pandas writes it) is 1. nullopt: it is neither.
std::optional<Json> rowId(const Json& value);

}  // namespace stet
