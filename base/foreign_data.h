// Names what a data file is when it is none that is read, with the one line that helps: for the import, and for the
// worker's `--in` files, which are JSON Lines of Stet's alone. Pure, any thread.
#pragma once

#include "base/json.h"

#include <optional>
#include <string>
#include <string_view>

namespace stet {

// By the first bytes of the file, unpacked and as UTF-8 (base/text_source.h); a few thousand are enough: "This is a
// Parquet file; …". nullopt: nothing known.
std::optional<std::string> foreignFile(std::string_view head);

// By the fields of an object that lacks those it needs: "This is a ShareGPT conversation, …". nullopt: nothing known.
std::optional<std::string> foreignRow(const Json& row);

}  // namespace stet
