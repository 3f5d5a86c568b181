// Reads one field of round.json (or pretrain.json) after another into a settings value; what is absent or null keeps
// its value. Every Failure(BadInput) names file and field. And the words of round.json, one table for each field that
// takes one of a few, so that reader and writer know the same. Borrows the JSON. No Torch. Any thread.
#pragma once

#include "base/failure.h"
#include "base/json.h"
#include "trainer/files/round_settings.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stet::files {

template <typename Value> struct Named {
    std::string_view name;
    Value value;
};

inline constexpr std::array<Named<Objective>, 10> kObjectives = {
    {{"cut", Objective::Cut},
     {"sft", Objective::Sft},
     {"forward-prediction", Objective::ForwardPrediction},
     {"hindsight", Objective::Hindsight},
     {"ilf", Objective::Ilf},
     {"dpo", Objective::Dpo},
     {"unlikelihood", Objective::Unlikelihood},
     {"self-distillation", Objective::SelfDistillation},
     {"offline-self-distillation", Objective::OfflineSelfDistillation},
     {"ftpo", Objective::Ftpo}}};
inline constexpr std::array<Named<AnchorKind>, 2> kAnchorKinds = {{{"kl", AnchorKind::Kl}, {"sft", AnchorKind::Sft}}};
inline constexpr std::array<Named<Push>, 2> kPushes = {{{"beginnings", Push::Beginnings}, {"all", Push::All}}};
inline constexpr std::array<Named<AnchorAnswers>, 2> kAnchorAnswers = {
    {{"rest", AnchorAnswers::Rest}, {"all", AnchorAnswers::All}}};
inline constexpr std::array<Named<FlagTime>, 2> kFlagTimes = {
    {{"current", FlagTime::Current}, {"start", FlagTime::Start}}};
inline constexpr std::array<Named<EmptyFlags>, 2> kEmptyFlags = {
    {{"imitate", EmptyFlags::Imitate}, {"skip", EmptyFlags::Skip}}};
inline constexpr std::array<Named<Combine>, 2> kCombines = {{{"half", Combine::Half}, {"sum", Combine::Sum}}};
inline constexpr std::array<Named<TruncateSide>, 2> kSides = {
    {{"left", TruncateSide::Left}, {"tail", TruncateSide::Tail}}};
inline constexpr std::array<Named<MarksUse>, 3> kMarks = {
    {{"union", MarksUse::Union}, {"only", MarksUse::Only}, {"ignore", MarksUse::Ignore}}};
inline constexpr std::array<Named<ScheduleKind>, 3> kSchedules = {
    {{"cosine", ScheduleKind::Cosine}, {"linear", ScheduleKind::Linear}, {"constant", ScheduleKind::Constant}}};
inline constexpr std::array<Named<ParentUse>, 2> kParentUses = {
    {{"merge", ParentUse::Merge}, {"continue", ParentUse::Continue}}};
inline constexpr std::array<Named<std::string_view>, 3> kDtypes = {
    {{"auto", "auto"}, {"float32", "float32"}, {"bfloat16", "bfloat16"}}};

// Failure(BadInput) names the field and the words it takes.
template <typename Table>
auto valueOf(const Table& table, const std::string& name, const std::string& field, const std::string& what)
{
    std::string known;
    for (const auto& row : table) {
        if (row.name == name) {
            return row.value;
        }
        known += (known.empty() ? "" : ", ") + std::string(row.name);
    }
    throw badInput(what + ": field '" + field + "' is '" + name + "'; known: " + known);
}

template <typename Table, typename Value> std::string nameOf(const Table& table, Value value)
{
    for (const auto& row : table) {
        if (row.value == value) {
            return std::string(row.name);
        }
    }
    return {};
}

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

    void number(const char* field, std::optional<double>& value, double low, double high) const
    {
        double given = value.value_or(low - 1);
        number(field, given, low, high);
        value = given >= low ? std::optional(given) : value;
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
