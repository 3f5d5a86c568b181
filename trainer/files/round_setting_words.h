// The words of round.json: one table for each field that takes one of a few. For the parser and the writer of settings,
// so that both know the same. No Torch. Any thread.
#pragma once

#include "base/failure.h"
#include "trainer/files/round_settings.h"

#include <array>
#include <string>
#include <string_view>

namespace stet::files {

template <typename Value> struct Named {
    std::string_view name;
    Value value;
};

inline constexpr std::array<Named<Objective>, 8> kObjectives = {{{"cut", Objective::Cut},
                                                                 {"sft", Objective::Sft},
                                                                 {"forward-prediction", Objective::ForwardPrediction},
                                                                 {"hindsight", Objective::Hindsight},
                                                                 {"ilf", Objective::Ilf},
                                                                 {"dpo", Objective::Dpo},
                                                                 {"unlikelihood", Objective::Unlikelihood},
                                                                 {"self-distillation", Objective::SelfDistillation}}};
inline constexpr std::array<Named<AnchorKind>, 2> kAnchorKinds = {{{"kl", AnchorKind::Kl}, {"sft", AnchorKind::Sft}}};
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

}  // namespace stet::files
