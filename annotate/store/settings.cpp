#include "annotate/store/settings.h"

#include "annotate/store/sql.h"
#include "base/flag_rule.h"
#include "base/generation.h"
#include "base/json.h"
#include "base/presets.h"

#include <array>
#include <charconv>
#include <cmath>

namespace stet::annotate {

std::string Settings::setting(const std::string& key, const std::string& fallback) const
{
    return reading(m_project, [&](auto& database) {
        SQLite::Statement query(database, "SELECT value FROM settings WHERE key = ?");
        query.bind(1, key);
        return query.executeStep() ? query.getColumn(0).getString() : fallback;
    });
}

void Settings::setSetting(const std::string& key, const std::string& value)
{
    writing(m_project, [&](auto& database) {
        SQLite::Statement insert(
            database, "INSERT INTO settings VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value");
        insert.bind(1, key);
        insert.bind(2, value);
        insert.exec();
    });
}

std::string Settings::contrastOf(const std::string& preset) const
{
    if (std::string chosen = setting("contrast"); !chosen.empty()) {
        return chosen;
    }
    const bool calibrated = falseAlarmRate() && !isReproduction(preset);
    return std::string(contrastName(calibrated ? Contrast::D6 : presetContrast(preset)));
}

std::optional<double> Settings::falseAlarmRate() const
{
    return setting("false_alarm_rate").empty() ? std::nullopt : std::optional(number("false_alarm_rate", 0));
}

void Settings::chooseFalseAlarmRate(double rate)
{
    setNumber("false_alarm_rate", rate);
    setNumber("calibrated_on", 0);  // what was made from another rate doesn't count
}

void Settings::noteCalibration(double lambda, int judgments)
{
    setNumber("lambda", lambda);
    setNumber("calibrated_on", judgments);
}

int Settings::calibratedOn() const
{
    return static_cast<int>(number("calibrated_on", 0));
}

int Settings::maxNewTokens() const
{
    const double value = number("max_new_tokens", kDefaultNewTokens);
    if (!(value >= 1 && value <= 1 << 20 && value == std::floor(value))) {
        throw badInput("The setting 'max_new_tokens' of the project " + m_project.folder() +
                       " must be a whole number from 1 to " + std::to_string(1 << 20) + ", not '" +
                       setting("max_new_tokens") + "'");
    }
    return static_cast<int>(value);
}

double Settings::number(const std::string& key, double fallback) const
{
    const std::string text = setting(key);
    if (text.empty()) {
        return fallback;
    }
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) {
        throw badInput("The setting '" + key + "' of the project " + m_project.folder() + " is not a number: '" + text +
                       "'; restore a backup");
    }
    return value;
}

void Settings::setNumber(const std::string& key, double value)
{
    std::array<char, 32> text{};  // the shortest that reads back as the same number has at most 24 characters
    const auto end = std::to_chars(text.begin(), text.end(), value).ptr;
    setSetting(key, std::string(text.begin(), end));
}

Json Settings::ownRoundSettings() const
{
    const std::string what = "the project's round settings";
    Json settings = parseJson(setting("round", "{}"), what);
    if (!settings.is_object()) {
        throw badInput(what + " are no JSON object; restore a backup");
    }
    return settings;
}

void Settings::setRoundSetting(const std::string& path, const Json& value)
{
    Json settings = ownRoundSettings();
    const auto dot = path.find('.');
    const std::string field = path.substr(0, dot);
    if (dot == std::string::npos) {
        settings[field] = value;
    } else {
        Json& inner = settings[field];
        if (!inner.is_object()) {
            inner = Json::object();
        }
        inner[path.substr(dot + 1)] = value;
        if (value.is_null()) {
            inner.erase(path.substr(dot + 1));
        }
    }
    if (settings[field].is_null() || (settings[field].is_object() && settings[field].empty())) {
        settings.erase(field);
    }
    setSetting("round", settings.dump());
}

void Settings::chooseLambda(double lambda)
{
    setNumber("lambda", lambda);
    Json round = ownRoundSettings();
    if (round.erase("lambda") > 0) {
        setSetting("round", round.dump());
    }
    if (falseAlarmRate()) {
        chooseFalseAlarmRate(0);
    }
}

}  // namespace stet::annotate
