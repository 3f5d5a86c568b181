// The presets of a round by name, in the order they are offered; the first is the default. What each sets:
// docs/headless.md.
#pragma once

#include <algorithm>
#include <array>
#include <string>

namespace stet {

inline constexpr std::array kPresets = {"stable", "cut-code", "cut-paper", "ftpo"};

inline bool isPreset(const std::string& name)
{
    return std::find(kPresets.begin(), kPresets.end(), name) != kPresets.end();
}

// They repeat what was published, contrast and threshold included.
inline bool isReproduction(const std::string& preset)
{
    return preset == "cut-code" || preset == "cut-paper";
}

// "stable, cut-code, …", for messages.
inline std::string presetNames()
{
    std::string names;
    for (const char* preset : kPresets) {
        names += (names.empty() ? "" : ", ") + std::string(preset);
    }
    return names;
}

}  // namespace stet
