#include "contract/codec.h"

#include <cmath>

namespace stet::contract {

namespace {

// Beyond it a double holds no whole number exactly.
constexpr double kLargestExact = 9007199254740992.0;

Failure wrongType(const Place& place, const char* expected, const Json& value)
{
    return place.wrong(std::string(expected) + ", found " + value.type_name());
}

}  // namespace

Failure Place::wrong(const std::string& mustBe) const
{
    return badInput(what + ": field '" + std::string(field) + "' must be " + mustBe);
}

Failure missing(const Place& place)
{
    return badInput(place.what + ": field '" + std::string(place.field) + "' is missing");
}

std::string Codec<std::string>::read(const Json& value, const Place& place)
{
    if (!value.is_string()) {
        throw wrongType(place, "a text", value);
    }
    return value.get<std::string>();
}

bool Codec<bool>::read(const Json& value, const Place& place)
{
    if (!value.is_boolean()) {
        throw wrongType(place, "true or false", value);
    }
    return value.get<bool>();
}

std::int64_t Codec<std::int64_t>::read(const Json& value, const Place& place)
{
    if (value.is_number_integer()) {
        if (value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{INT64_MAX}) {
            throw badInput(place.what + ": field '" + std::string(place.field) + "' is too large");
        }
        return value.get<std::int64_t>();
    }
    const double number = value.is_number() ? value.get<double>() : std::nan("");
    if (!(number == std::floor(number)) || std::fabs(number) > kLargestExact) {
        throw wrongType(place, "a whole number", value);
    }
    return static_cast<std::int64_t>(number);
}

std::uint64_t Codec<std::uint64_t>::read(const Json& value, const Place& place)
{
    if (value.is_number_unsigned()) {
        return value.get<std::uint64_t>();
    }
    const std::int64_t number = Codec<std::int64_t>::read(value, place);
    if (number < 0) {
        throw place.wrong("a whole number from 0 on");
    }
    return static_cast<std::uint64_t>(number);
}

int Codec<int>::read(const Json& value, const Place& place)
{
    const std::int64_t number = Codec<std::int64_t>::read(value, place);
    if (number < std::numeric_limits<int>::min() || number > std::numeric_limits<int>::max()) {
        throw badInput(place.what + ": field '" + std::string(place.field) + "' is too large");
    }
    return static_cast<int>(number);
}

double Codec<double>::read(const Json& value, const Place& place)
{
    if (value.is_null()) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    if (!value.is_number()) {
        throw wrongType(place, "a number", value);
    }
    return value.get<double>();
}

Json Codec<double>::write(double value)
{
    return std::isfinite(value) ? Json(value) : Json();
}

std::string joinedWords(const std::vector<std::string_view>& words)
{
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        text += i == 0 ? "" : i + 1 == words.size() ? " or " : ", ";
        text += words[i];
    }
    return text;
}

}  // namespace stet::contract
