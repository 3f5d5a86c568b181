// The groups of round.json, objects of their own fields: "parent", "lora", "optimizer", "schedule", "anchor". For the
// parser of round settings. An absent group changes nothing; unknown fields become warnings. `what` is round.json's
// path, for messages. Failure(BadInput): wrong type or range. No Torch. Any thread.
#pragma once

#include "trainer/files/round_settings.h"

#include <string>

namespace stet::files {

void readParent(const Json& json, const std::string& folder, const std::string& what, RoundSettings& settings);
void readLora(const Json& json, const std::string& what, RoundSettings& settings);
void readOptimizer(const Json& json, const std::string& what, RoundSettings& settings);
void readSchedule(const Json& json, const std::string& what, RoundSettings& settings);
void readAnchor(const Json& json, const std::string& what, RoundSettings& settings);

// A path of round.json, which is relative to the round's folder.
std::string against(const std::string& folder, const std::string& path);

}  // namespace stet::files
