#include "trainer/files/config_reader.h"

#include <cmath>

namespace stet::files {

namespace {

constexpr std::int64_t kMaxSize = std::int64_t{1} << 32;

}  // namespace

bool ConfigReader::has(std::string_view field) const
{
    const auto it = m_json.find(field);
    return it != m_json.end() && !it->is_null();
}

std::int64_t ConfigReader::size(std::string_view field, std::optional<std::int64_t> fallback) const
{
    const auto value = optionalInteger(m_json, field, m_what);
    if (!value && !fallback) {
        throw bad("field '" + std::string(field) + "' is missing");
    }
    const std::int64_t number = value.value_or(fallback.value_or(0));
    if (number < 1 || number > kMaxSize) {
        throw bad("field '" + std::string(field) + "' is " + std::to_string(number) + ", expected 1 to 2^32");
    }
    return number;
}

std::optional<double> ConfigReader::positiveIfThere(std::string_view field, std::optional<double> fallback) const
{
    const auto given = optionalNumber(m_json, field, m_what);
    const auto number = given ? given : fallback;
    if (number && (!(*number > 0) || !std::isfinite(*number))) {
        throw bad("field '" + std::string(field) + "' must be a number > 0");
    }
    return number;
}

double ConfigReader::positive(std::string_view field, std::optional<double> fallback) const
{
    const auto number = positiveIfThere(field, fallback);
    if (!number) {
        throw bad("field '" + std::string(field) + "' is missing");
    }
    return *number;
}

bool ConfigReader::flag(std::string_view field, bool fallback) const
{
    return optionalBool(m_json, field, m_what).value_or(fallback);
}

std::string ConfigReader::text(std::string_view field, const std::string& fallback) const
{
    return optionalString(m_json, field, m_what).value_or(fallback);
}

std::vector<double> ConfigReader::positives(std::string_view field, std::int64_t count) const
{
    const auto it = m_json.find(field);
    if (it == m_json.end() || !it->is_array() || static_cast<std::int64_t>(it->size()) != count) {
        throw bad("field '" + std::string(field) + "' must be a list of " + std::to_string(count) + " numbers");
    }
    std::vector<double> numbers;
    for (const Json& value : *it) {
        if (!value.is_number() || !(value.get<double>() > 0) || !std::isfinite(value.get<double>())) {
            throw bad("field '" + std::string(field) + "' must hold numbers > 0");
        }
        numbers.push_back(value.get<double>());
    }
    return numbers;
}

std::vector<std::int64_t> ConfigReader::ids(std::string_view field) const
{
    if (!has(field)) {
        return {};
    }
    const Json& value = *m_json.find(field);
    std::vector<std::int64_t> ids;
    for (const Json& id : value.is_array() ? value : Json::array({value})) {
        if (!id.is_number_integer() || id.get<std::int64_t>() < 0) {
            throw bad("field '" + std::string(field) + "' must be a token id or a list of them");
        }
        ids.push_back(id.get<std::int64_t>());
    }
    return ids;
}

std::optional<ConfigReader> ConfigReader::object(std::string_view field) const
{
    if (!has(field)) {
        return std::nullopt;
    }
    const Json& value = *m_json.find(field);
    if (!value.is_object()) {
        throw bad("field '" + std::string(field) + "' must be an object");
    }
    return ConfigReader(value, m_what + ", " + std::string(field));
}

}  // namespace stet::files
