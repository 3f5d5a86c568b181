#include "trainer/files/rope_config.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace stet::files {

namespace {

constexpr std::pair<const char*, RopeType> kTypes[] = {
    {"default", RopeType::Default}, {"linear", RopeType::Linear}, {"dynamic", RopeType::Dynamic},
    {"yarn", RopeType::Yarn},       {"llama3", RopeType::Llama3}, {"longrope", RopeType::LongRope}};

RopeType typeOf(const ConfigReader& settings, const RopeDefaults& defaults)
{
    std::string name = settings.text("rope_type", settings.text("type", "default"));
    if (defaults.oldNamesMeanLongRope && (name == "su" || name == "yarn")) {
        name = "longrope";
    }
    std::string supported;
    for (const auto& [known, type] : kTypes) {
        if (name == known) {
            return type;
        }
        supported += (supported.empty() ? "" : ", ") + std::string(known);
    }
    throw settings.refused("rope type '" + name + "' is not supported; supported: " + supported);
}

// 0.1·m·ln(factor) + 1 (YaRN, arXiv 2309.00071, eq. 22), 1 below a factor of 1.
double yarnMagnitude(double factor, double scale)
{
    return factor <= 1 ? 1 : 0.1 * scale * std::log(factor) + 1;
}

void readYarn(const ConfigReader& settings, Rope& rope)
{
    rope.betaFast = settings.positive("beta_fast", 32.0);
    rope.betaSlow = settings.positive("beta_slow", 1.0);
    rope.truncate = settings.flag("truncate", true);
    const auto scale = optionalNumber(settings.json(), "mscale", settings.what()).value_or(0);
    const auto scaleAll = optionalNumber(settings.json(), "mscale_all_dim", settings.what()).value_or(0);
    const double implied = scale != 0 && scaleAll != 0
        ? yarnMagnitude(rope.factor, scale) / yarnMagnitude(rope.factor, scaleAll)
        : yarnMagnitude(rope.factor, 1);
    rope.attentionFactor = settings.positive("attention_factor", implied);
    if (!(rope.theta > 1)) {
        throw settings.bad("'rope_theta' must be more than 1 for rope type 'yarn'");
    }
}

void readLlama3(const ConfigReader& settings, Rope& rope)
{
    rope.lowFrequencyFactor = settings.positive("low_freq_factor");
    rope.highFrequencyFactor = settings.positive("high_freq_factor");
    if (rope.highFrequencyFactor <= rope.lowFrequencyFactor) {
        throw settings.bad("'high_freq_factor' must be more than 'low_freq_factor'");
    }
}

// The factor is that of the two contexts unless it is given (LongRoPE, arXiv 2402.13753).
void readLongRope(const ConfigReader& settings, std::int64_t maxPositions, Rope& rope)
{
    rope.shortFactors = settings.positives("short_factor", rope.dims / 2);
    rope.longFactors = settings.positives("long_factor", rope.dims / 2);
    rope.factor =
        settings.positive("factor", static_cast<double>(maxPositions) / static_cast<double>(rope.originalContext));
    if (rope.originalContext < 2) {
        throw settings.bad("'original_max_position_embeddings' must be more than 1");
    }
    const double implied = rope.factor <= 1
        ? 1
        : std::sqrt(1 + std::log(rope.factor) / std::log(static_cast<double>(rope.originalContext)));
    rope.attentionFactor = settings.positive("attention_factor", implied);
}

}  // namespace

std::optional<ConfigReader> ropeSettingsOf(const ConfigReader& config)
{
    for (const char* field : {"rope_scaling", "rope_parameters"}) {
        auto settings = config.object(field);
        if (settings && !settings->json().empty()) {
            return settings;
        }
    }
    return std::nullopt;
}

Rope readRopeSettings(const std::optional<ConfigReader>& settings, const ConfigReader& config, std::int64_t headDim,
                      const RopeDefaults& defaults)
{
    static const Json kNone = Json::object();
    const ConfigReader given = settings.value_or(ConfigReader(kNone, config.what()));
    Rope rope;
    rope.type = typeOf(given, defaults);
    rope.theta = given.positive("rope_theta", defaults.theta);
    const double part = given.positive("partial_rotary_factor", defaults.partialRotaryFactor);
    if (part != 1 && !defaults.mayRotatePart) {
        throw given.refused("'partial_rotary_factor' is not supported for this architecture");
    }
    rope.dims = static_cast<std::int64_t>(static_cast<double>(headDim) * std::min(part, 2.0));
    if (rope.dims < 2 || rope.dims > headDim || rope.dims % 2 != 0) {
        throw given.bad("'partial_rotary_factor' " + std::to_string(part) + " of head_dim " + std::to_string(headDim) +
                        " is no even number of coordinates");
    }
    const bool scaled = rope.type == RopeType::Yarn || rope.type == RopeType::Llama3 || rope.type == RopeType::LongRope;
    rope.originalContext = defaults.maxPositions;
    if (scaled) {
        // A field beside the rope settings wins over one within them, as in standardize_rope_params.
        rope.originalContext = config.size(
            "original_max_position_embeddings",
            defaults.originalContext.value_or(given.size("original_max_position_embeddings", defaults.maxPositions)));
    }
    if (rope.type == RopeType::LongRope) {
        readLongRope(given, defaults.maxPositions, rope);
    } else if (rope.type != RopeType::Default) {
        const bool implied = rope.type == RopeType::Yarn && given.json().contains("factor") && !given.has("factor");
        rope.factor = given.positive("factor",
                                     implied ? std::optional(static_cast<double>(defaults.maxPositions) /
                                                             static_cast<double>(rope.originalContext))
                                             : std::nullopt);
    }
    if (rope.type == RopeType::Yarn) {
        readYarn(given, rope);
    } else if (rope.type == RopeType::Llama3) {
        readLlama3(given, rope);
    } else if (rope.type == RopeType::Dynamic && rope.dims <= 2) {
        throw given.bad("rope type 'dynamic' needs more than two rotating coordinates");
    }
    return rope;
}

Rope readRope(const ConfigReader& config, std::int64_t headDim, const RopeDefaults& defaults)
{
    RopeDefaults resolved = defaults;
    resolved.theta = config.positive("rope_theta", defaults.theta);
    resolved.partialRotaryFactor = config.positive("partial_rotary_factor", defaults.partialRotaryFactor);
    return readRopeSettings(ropeSettingsOf(config), config, headDim, resolved);
}

std::int64_t stretchedContext(const Rope& rope, std::int64_t maxPositions)
{
    constexpr double kMost = 4294967296.0;
    const auto stretched = [&](std::int64_t context) {
        return static_cast<std::int64_t>(std::min(static_cast<double>(context) * std::max(rope.factor, 1.0), kMost));
    };
    switch (rope.type) {
    case RopeType::Linear:
    case RopeType::Dynamic:
        return stretched(maxPositions);
    case RopeType::Yarn:
        return std::max(maxPositions, stretched(rope.originalContext));
    default:
        return maxPositions;
    }
}

}  // namespace stet::files
