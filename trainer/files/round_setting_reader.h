// Reads one field of round.json (or pretrain.json) after another into a settings value; what is absent or null keeps
// its value. Every Failure(BadInput) names file and field. Borrows the JSON. No Torch. Any thread.
#pragma once

#include "base/failure.h"
#include "base/json.h"
#include "trainer/files/round_setting_words.h"

#include <cstdint>
#include <optional>
#include <string>

namespace stet::files {

inline constexpr std::int64_t kManySteps = std::int64_t{1} << 31;

class SettingReader {
public:
    SettingReader(const Json& json, std::string what) : m_json(json), m_what(std::move(what)) { }

    const std::string& what() const { return m_what; }

    template <typename Table, typename Value> void word(const char* field, const Table& table, Value& value) const
    {
        if (const auto name = optionalString(m_json, field, m_what)) {
            value = valueOf(table, *name, field, m_what);
        }
    }

    void number(const char* field, double& value, double low, double high) const
    {
        const auto given = optionalNumber(m_json, field, m_what);
        if (!given) {
            return;
        }
        if (!(*given >= low && *given <= high)) {
            throw badInput(m_what + ": field '" + field + "' must be " + Json(low).dump() + " to " + Json(high).dump());
        }
        value = *given;
    }

    template <typename Integer>
    void integer(const char* field, Integer& value, std::int64_t low, std::int64_t high) const
    {
        const auto given = optionalInteger(m_json, field, m_what);
        if (!given) {
            return;
        }
        if (*given < low || *given > high) {
            throw badInput(m_what + ": field '" + field + "' must be " + std::to_string(low) + " to " +
                           std::to_string(high));
        }
        value = static_cast<Integer>(*given);
    }

    void integer(const char* field, std::optional<std::int64_t>& value, std::int64_t low, std::int64_t high) const
    {
        std::int64_t number = value.value_or(-1);
        integer(field, number, low, high);
        value = number >= 0 ? std::optional(number) : value;
    }

    // AdamW's two averages.
    void betas(const char* field, double& first, double& second) const
    {
        const auto it = m_json.find(field);
        if (it == m_json.end() || it->is_null()) {
            return;
        }
        const bool pair = it->is_array() && it->size() == 2 && (*it)[0].is_number() && (*it)[1].is_number();
        first = pair ? (*it)[0].get<double>() : -1;
        second = pair ? (*it)[1].get<double>() : -1;
        if (!(first >= 0 && first < 1 && second >= 0 && second < 1)) {
            throw badInput(m_what + ": field '" + field + "' must be two numbers from 0 to below 1");
        }
    }

    void text(const char* field, std::string& value) const
    {
        value = optionalString(m_json, field, m_what).value_or(value);
    }

private:
    const Json& m_json;
    std::string m_what;
};

}  // namespace stet::files
