// Checked access to the fields of one config.json, for the parsers of model settings: every message names the file, the
// field and what was expected. No Torch. Any thread; borrows the JSON.
#pragma once

#include "base/failure.h"
#include "base/json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stet::files {

class ConfigReader {
public:
    ConfigReader(const Json& json, std::string what) : m_json(json), m_what(std::move(what)) { }

    // 1 to 2^32; without a fallback the field must be there.
    std::int64_t size(std::string_view field, std::optional<std::int64_t> fallback = std::nullopt) const;
    double positive(std::string_view field, std::optional<double> fallback = std::nullopt) const;
    // A number > 0, or none when the field is absent or null and there is no fallback.
    std::optional<double> positiveIfThere(std::string_view field, std::optional<double> fallback = std::nullopt) const;
    bool flag(std::string_view field, bool fallback) const;
    std::string text(std::string_view field, const std::string& fallback) const;
    std::vector<double> positives(std::string_view field, std::int64_t count) const;
    std::vector<std::int64_t> ids(std::string_view field) const;

    // Given and not null.
    bool has(std::string_view field) const;
    // An object to read on, named in messages by its path; nullopt when absent or null.
    std::optional<ConfigReader> object(std::string_view field) const;

    const Json& json() const { return m_json; }
    const std::string& what() const { return m_what; }
    Failure bad(const std::string& reason) const { return badInput(m_what + ": " + reason); }
    Failure refused(const std::string& reason) const
    {
        return Failure(FailureKind::ModelRefused, m_what + ": " + reason);
    }

private:
    const Json& m_json;
    std::string m_what;
};

}  // namespace stet::files
