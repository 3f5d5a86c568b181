#include "trainer/files/gguf/pre_tokenizer.h"

#include "base/json.h"

#include <map>
#include <utility>

namespace stet::files::gguf {

namespace {

// Split expressions as in the tokenizer.json of the models the names come from.
constexpr const char* kLlama3 = R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|)"
                                R"( ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr const char* kQwen2 = R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|)"
                               R"( ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr const char* kTekken = R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|)"
                                R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|)"
                                R"(\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr const char* kGpt4o =
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|)"
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|)"
    R"(\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

// GPT-2's own cut is built into ByteLevel.
Json byteLevel(bool cutsAsGpt2)
{
    return {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", true}, {"use_regex", cutsAsGpt2}};
}

Json sequence(const Json& first, bool thenAsGpt2)
{
    return {{"type", "Sequence"}, {"pretokenizers", {first, byteLevel(thenAsGpt2)}}};
}

std::string splitBy(const char* expression)
{
    return toLine(sequence(
        {{"type", "Split"}, {"pattern", {{"Regex", expression}}}, {"behavior", "Isolated"}, {"invert", false}}, false));
}

// Each digit by itself, then as GPT-2.
std::string digitsFirst()
{
    return toLine(sequence({{"type", "Digits"}, {"individual_digits", true}}, true));
}

const std::map<std::string, PreTokenizer>& all()
{
    static const PreTokenizer kOfLlama3{splitBy(kLlama3), true, true};
    static const PreTokenizer kOfDbrx{splitBy(kLlama3)};  // OLMo 2, Phi-4
    static const PreTokenizer kOfDigits{digitsFirst()};   // SmolLM, Granite 3
    static const PreTokenizer kOfGpt4o{splitBy(kGpt4o)};  // Phi-4-mini
    static const std::map<std::string, PreTokenizer> kAll = {
        {"llama-bpe", kOfLlama3},
        {"llama3", kOfLlama3},
        {"llama-v3", kOfLlama3},
        {"dbrx", kOfDbrx},
        {"smaug-bpe", kOfDbrx},
        {"qwen2", {splitBy(kQwen2), false, false, true}},
        {"deepseek-r1-qwen", {splitBy(kQwen2)}},
        {"tekken", {splitBy(kTekken), true, true}},
        {"gpt-4o", kOfGpt4o},
        {"smollm", kOfDigits},
        {"starcoder", kOfDigits},
        {"refact", kOfDigits},
        {"gpt-2", {toLine(byteLevel(true))}},
    };
    return kAll;
}

// trim_offsets says where a token stands in the text, not which one it is.
Json withoutOffsets(Json json)
{
    if (json.is_object()) {
        json.erase("trim_offsets");
    }
    if (json.is_structured()) {
        for (auto& part : json) {
            part = withoutOffsets(part);
        }
    }
    return json;
}

}  // namespace

const PreTokenizer* preTokenizer(const std::string& name)
{
    const auto it = all().find(name);
    return it == all().end() ? nullptr : &it->second;
}

std::optional<std::string> preTokenizerName(const Json& preTokenizer, bool normalises, bool ignoreMerges)
{
    const Json wanted = withoutOffsets(preTokenizer);
    for (const auto& [name, one] : all()) {
        if (one.normalises == normalises && one.ignoreMerges == ignoreMerges &&
            withoutOffsets(Json::parse(one.json)) == wanted) {
            return name;
        }
    }
    return std::nullopt;
}

std::string preTokenizerNames()
{
    std::string names;
    for (const auto& [name, one] : all()) {
        names += (names.empty() ? "" : ", ") + name;
    }
    return names;
}

}  // namespace stet::files::gguf
