#include "trainer/serve/method_params.h"

#include "base/failure.h"

#include <algorithm>

namespace stet::serve {

namespace {

Json optionalList(const Json& params, const char* field, const std::string& what)
{
    const auto it = params.find(field);
    if (it == params.end() || it->is_null()) {
        return Json::array();
    }
    if (!it->is_array()) {
        throw badInput(what + ": field '" + field + "' must be a list");
    }
    return *it;
}

}  // namespace

model::ComputeOptions computeOptions(const Json& params, const std::string& what)
{
    model::ComputeOptions options;
    options.device = optionalString(params, "device", what).value_or("auto");
    options.dtype = optionalString(params, "dtype", what).value_or("auto");
    options.threads =
        static_cast<int>(std::clamp<std::int64_t>(optionalInteger(params, "threads", what).value_or(0), 0, 4096));
    return options;
}

score::ScoreOptions scoreOptions(const Json& params, const std::string& what)
{
    score::ScoreOptions options;
    options.lambda = optionalNumber(params, "lambda", what).value_or(1.1);
    options.top = static_cast<int>(std::clamp<std::int64_t>(optionalInteger(params, "top", what).value_or(0), 0, 100));
    options.maxLength = optionalInteger(params, "max_length", what).value_or(2048);
    const auto contrast = contrastFromName(optionalString(params, "contrast", what).value_or("D1"));
    if (!contrast || !(options.lambda >= 1)) {
        throw badInput(what + ": 'contrast' must be D1 to D5 and 'lambda' at least 1");
    }
    options.contrast = *contrast;
    if (const Json contexts = optionalList(params, "contexts", what); !contexts.empty()) {
        options.contexts.clear();
        for (const auto& name : contexts) {
            const auto context = name.is_string() ? text::contextFromName(name.get<std::string>()) : std::nullopt;
            if (!context) {
                throw badInput(what + ": unknown context " + name.dump());
            }
            options.contexts.push_back(*context);
        }
    }
    for (const auto& judgment : optionalList(params, "other_judgments", what)) {
        if (!judgment.is_string()) {
            throw badInput(what + ": field 'other_judgments' must be a list of texts");
        }
        options.otherJudgments.push_back(judgment.get<std::string>());
    }
    return options;
}

model::GenerateOptions generateOptions(const Json& params, const std::string& what)
{
    model::GenerateOptions options;
    options.maxNewTokens = static_cast<int>(
        std::clamp<std::int64_t>(optionalInteger(params, "max_new_tokens", what).value_or(256), 1, 1 << 20));
    options.temperature = optionalNumber(params, "temperature", what).value_or(0);
    options.topP = optionalNumber(params, "top_p", what).value_or(1);
    if (!(options.temperature >= 0) || !(options.topP > 0 && options.topP <= 1)) {
        throw badInput(what + ": 'temperature' must be at least 0 and 'top_p' above 0 and at most 1");
    }
    options.seed = static_cast<std::uint64_t>(optionalInteger(params, "seed", what).value_or(42));
    options.batch =
        static_cast<int>(std::clamp<std::int64_t>(optionalInteger(params, "batch", what).value_or(8), 1, 1024));
    return options;
}

}  // namespace stet::serve
