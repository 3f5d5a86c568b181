#include "trainer/detect/detection.h"

#include "base/failure.h"

#include <optional>
#include <string_view>
#include <utility>

namespace stet::detect {

namespace {

// A field that takes one of a few words; without it the value stays.
template <typename Value>
void readName(const Json& params, const std::string& what, const char* field,
              std::optional<Value> (*fromName)(std::string_view), const char* known, Value& value)
{
    if (const auto name = optionalString(params, field, what)) {
        const auto found = fromName(*name);
        if (!found) {
            throw badInput(what + ": field '" + field + "' is '" + *name + "'; known: " + known);
        }
        value = *found;
    }
}

}  // namespace

DetectionSettings detectionOf(const files::RoundSettings& settings)
{
    return {settings.contrast,
            settings.lambda,
            settings.marks,
            settings.truncate == files::TruncateSide::Left ? text::Truncate::Left : text::Truncate::Tail,
            settings.maxLength,
            settings.objective == files::Objective::Ftpo ? settings.ftpo.push : Push::All};
}

// The reader of round.json reads them, so that a word or a bound is known in one place.
DetectionSettings readDetection(const Json& params, const std::string& what)
{
    Json round = Json::object();
    for (const char* field : {"preset", "contrast", "lambda", "truncate", "max_length"}) {
        if (params.contains(field)) {
            round[field] = params.at(field);
        }
    }
    DetectionSettings settings = detectionOf(files::parseDetectionSettings(round, what));
    readName(params, what, "marks_use", marksUseFromName, "union, only, ignore", settings.marks);
    readName(params, what, "push", pushFromName, "all, beginnings", settings.push);
    return settings;
}

Detection detect(const DetectionSettings& settings, const std::vector<int>& marks, const std::vector<int>& words,
                 std::vector<double> logRatios)
{
    Detection detection;
    detection.logRatios = std::move(logRatios);
    for (std::size_t i = 0; i < detection.logRatios.size(); ++i) {
        const bool found = flagged(settings.contrast, detection.logRatios[i], settings.lambda);
        detection.flagged.push_back(found ? 1 : 0);
        detection.penalised.push_back(penalised(settings.marks, i < marks.size() ? marks[i] : 0, found) ? 1 : 0);
    }
    detection.pushed = pushed(settings.push, detection.penalised, words);
    return detection;
}

Detection detect(const DetectionSettings& settings, const std::vector<int>& marks, const ContrastInput& input)
{
    return detect(settings, marks, input.words, logRatios(settings.contrast, input));
}

}  // namespace stet::detect
