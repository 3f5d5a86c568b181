// JSON for both processes: nlohmann's, with insertion order kept (files read well, exports compare equal)
// and with bounds: a few thousand brackets must not exhaust the stack, nor a few megabytes of commas the memory.
#pragma once

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stet {

using Json = nlohmann::ordered_json;

constexpr int kMaxJsonDepth = 64;
constexpr std::size_t kMaxJsonValues = 2'000'000;  // about 100 bytes each at worst

// Parses UTF-8 text in linear time. Throws Failure(BadInput) whose message starts with `what` ("round.json",
// "prompts.jsonl, line 12") and says where and why: syntax, invalid UTF-8, deeper than maxDepth, more than
// kMaxJsonValues. Where is the column in code points, with the line before it only when the text has several. Of fields
// that stand twice the last value holds.
Json parseJson(std::string_view text, const std::string& what, int maxDepth = kMaxJsonDepth);

// Reads a whole file of at most maxBytes. Failure(BadInput) names the file: missing, not regular, too large, not JSON.
Json readJsonFile(const std::string& path, std::size_t maxBytes = std::size_t{64} << 20);

// One line, UTF-8, no ASCII escapes; NaN and infinities become null; invalid UTF-8 is replaced, never thrown.
std::string toLine(const Json& value);

// Warnings for fields of `object` that are not in `known`: "round.json: unknown field 'lamda' is ignored".
std::vector<std::string> unknownFields(const Json& object, const std::vector<std::string_view>& known,
                                       const std::string& what);

// Typed access with a message that names field and expected type; nullopt when absent or null.
std::optional<std::string> optionalString(const Json& object, std::string_view field, const std::string& what);
std::optional<double> optionalNumber(const Json& object, std::string_view field, const std::string& what);
std::optional<std::int64_t> optionalInteger(const Json& object, std::string_view field, const std::string& what);
std::optional<bool> optionalBool(const Json& object, std::string_view field, const std::string& what);
std::string requiredString(const Json& object, std::string_view field, const std::string& what);

}  // namespace stet
