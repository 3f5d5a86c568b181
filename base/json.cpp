#include "base/json.h"

#include "base/failure.h"
#include "base/files.h"
#include "base/utf8.h"

#include <algorithm>
#include <cmath>

namespace stet {

namespace {

const Json* find(const Json& object, std::string_view field)
{
    const auto it = object.find(std::string(field));
    return it == object.end() || it->is_null() ? nullptr : &*it;
}

Failure wrongType(std::string_view field, const char* expected, const Json& value, const std::string& what)
{
    return badInput(what + ": field '" + std::string(field) + "' must be " + expected + ", found " + value.type_name());
}

}  // namespace

Json readJsonFile(const std::string& path, std::size_t maxBytes)
{
    return parseJson(readFile(path, maxBytes), path);
}

std::string toLine(const Json& value)
{
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<std::string> unknownFields(const Json& object, const std::vector<std::string_view>& known,
                                       const std::string& what)
{
    constexpr std::size_t kMostNamed = 20;
    constexpr std::size_t kLongestName = 80;
    std::vector<std::string> warnings;
    std::size_t unnamed = 0;
    for (const auto& [name, value] : object.items()) {
        if (std::find(known.begin(), known.end(), name) != known.end()) {
            continue;
        }
        if (warnings.size() == kMostNamed) {
            ++unnamed;
            continue;
        }
        const std::string shown = name.substr(0, completePrefix(std::string_view(name).substr(0, kLongestName)));
        warnings.push_back(what + ": unknown field '" + shown + (shown.size() < name.size() ? "…" : "") +
                           "' is ignored");
    }
    if (unnamed > 0) {
        warnings.push_back(what + ": " + std::to_string(unnamed) + " more unknown fields are ignored");
    }
    return warnings;
}

std::optional<std::string> optionalString(const Json& object, std::string_view field, const std::string& what)
{
    const Json* value = find(object, field);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (!value->is_string()) {
        throw wrongType(field, "a text", *value, what);
    }
    return value->get<std::string>();
}

std::optional<double> optionalNumber(const Json& object, std::string_view field, const std::string& what)
{
    const Json* value = find(object, field);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (!value->is_number()) {
        throw wrongType(field, "a number", *value, what);
    }
    return value->get<double>();
}

std::optional<std::int64_t> optionalInteger(const Json& object, std::string_view field, const std::string& what)
{
    const Json* value = find(object, field);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (value->is_number_integer()) {
        if (value->is_number_unsigned() && value->get<std::uint64_t>() > std::uint64_t(INT64_MAX)) {
            throw badInput(what + ": field '" + std::string(field) + "' is too large");
        }
        return value->get<std::int64_t>();
    }
    const double number = value->is_number() ? value->get<double>() : std::nan("");
    if (std::isnan(number) || number != std::floor(number) || std::fabs(number) > 9007199254740992.0) {
        throw wrongType(field, "a whole number", *value, what);
    }
    return static_cast<std::int64_t>(number);
}

std::optional<bool> optionalBool(const Json& object, std::string_view field, const std::string& what)
{
    const Json* value = find(object, field);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (!value->is_boolean()) {
        throw wrongType(field, "true or false", *value, what);
    }
    return value->get<bool>();
}

std::string requiredString(const Json& object, std::string_view field, const std::string& what)
{
    auto value = optionalString(object, field, what);
    if (!value) {
        throw badInput(what + ": field '" + std::string(field) + "' is missing");
    }
    return *std::move(value);
}

}  // namespace stet
