// Presets of round.json: names for sets of values, the table of docs/headless.md. For the parser of round settings,
// which applies one before it reads the fields beside it. No Torch. Any thread.
#pragma once

#include "trainer/files/round_settings.h"

#include <string>

namespace stet::files {

// settings.preset's values into settings as constructed. `what`: round.json's path. Failure(BadInput): no such preset.
void applyPreset(RoundSettings& settings, const std::string& what);

}  // namespace stet::files
