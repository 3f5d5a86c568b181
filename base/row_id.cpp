#include "base/row_id.h"

#include <cmath>

namespace stet {

std::optional<Json> rowId(const Json& value)
{
    constexpr double kExact = 9007199254740992.0;  // beyond it a float64 skips whole numbers
    if (value.is_string() || value.is_number_integer()) {
        return value;
    }
    const double number = value.is_number() ? value.get<double>() : std::nan("");
    const bool whole = number == std::floor(number) && std::fabs(number) <= kExact;
    return whole ? std::optional(Json(static_cast<std::int64_t>(number))) : std::nullopt;
}

}  // namespace stet
