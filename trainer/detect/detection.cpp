#include "trainer/detect/detection.h"

#include "base/failure.h"

#include <utility>

namespace stet::detect {

DetectionSettings detectionOf(const files::RoundSettings& settings)
{
    return {settings.contrast, settings.lambda, settings.marks,
            settings.truncate == files::TruncateSide::Left ? text::Truncate::Left : text::Truncate::Tail,
            settings.maxLength};
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
    if (const auto use = optionalString(params, "marks_use", what)) {
        const auto known = marksUseFromName(*use);
        if (!known) {
            throw badInput(what + ": field 'marks_use' is '" + *use + "'; known: union, only, ignore");
        }
        settings.marks = *known;
    }
    return settings;
}

Detection detect(const DetectionSettings& settings, const std::vector<int>& marks, std::vector<double> logRatios)
{
    Detection detection;
    detection.logRatios = std::move(logRatios);
    for (std::size_t i = 0; i < detection.logRatios.size(); ++i) {
        const bool found = flagged(settings.contrast, detection.logRatios[i], settings.lambda);
        detection.flagged.push_back(found ? 1 : 0);
        detection.penalised.push_back(penalised(settings.marks, i < marks.size() ? marks[i] : 0, found) ? 1 : 0);
    }
    return detection;
}

Detection detect(const DetectionSettings& settings, const std::vector<int>& marks, const ContrastInput& input)
{
    return detect(settings, marks, logRatios(settings.contrast, input));
}

}  // namespace stet::detect
