// What decides which tokens of a criticised response light up and are penalised: the part of round.json that `score`,
// the window and a round share. Plain values; any thread.
#pragma once

#include "base/flag_rule.h"
#include "base/json.h"
#include "trainer/files/round_settings.h"
#include "trainer/text/example_encoder.h"

#include <cstdint>
#include <string>

namespace stet::detect {

struct DetectionSettings {
    Contrast contrast = Contrast::D1;
    double lambda = kDefaultLambda;
    MarksUse marks = MarksUse::Union;
    text::Truncate truncate = text::Truncate::Tail;
    std::int64_t maxLength = 2048;
    Push push = Push::All;

    text::EncoderOptions encoding() const { return {maxLength, truncate}; }
};

DetectionSettings detectionOf(const files::RoundSettings& settings);

// From params or options with round.json's names: `preset` (stable, whose values are the defaults above), and beside it
// `contrast, lambda, truncate, max_length`, `marks_use` (round.json's `marks`; beside an example that word is its list
// of marks) and `push` (of round.json's `ftpo`). Failure(BadInput) names `what`, the field and the values it takes.
DetectionSettings readDetection(const Json& params, const std::string& what);

}  // namespace stet::detect
