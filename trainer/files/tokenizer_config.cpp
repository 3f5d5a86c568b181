#include "trainer/files/tokenizer_config.h"

#include "base/failure.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <utility>

namespace stet::files {

namespace {

constexpr const char* kDecoder = "added_tokens_decoder";
constexpr std::array kNames = {"bos_token", "eos_token", "unk_token", "sep_token",
                               "pad_token", "cls_token", "mask_token"};

// A dangling link counts as present: opening it reports what is wrong.
Json readIfThere(const std::string& path)
{
    std::error_code unknown;
    const bool there = std::filesystem::exists(std::filesystem::symlink_status(path, unknown));
    Json json = there ? readJsonFile(path) : Json::object();
    if (!json.is_object()) {
        throw badInput(path + ": expected an object in braces, found " + std::string(json.type_name()));
    }
    return json;
}

bool flag(const Json& token, const char* name, bool fallback)
{
    const auto it = token.find(name);
    return it != token.end() && it->is_boolean() ? it->get<bool>() : fallback;
}

bool isTokenObject(const Json& value)
{
    return value.is_object() && value.contains("content") && value["content"].is_string();
}

// As tokenizers.AddedToken takes them: `normalized` is by default what `special` is not.
AddedToken tokenFrom(const Json& value, bool special)
{
    AddedToken token;
    token.content = value["content"].get<std::string>();
    token.special = special;
    token.normalized = flag(value, "normalized", !special);
    token.lstrip = flag(value, "lstrip", false);
    token.rstrip = flag(value, "rstrip", false);
    token.singleWord = flag(value, "single_word", false);
    return token;
}

std::int64_t idFrom(std::string_view text, const std::string& where)
{
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc() || end != text.data() + text.size() || id < 0) {
        throw badInput(where + ": '" + std::string(text) + "' is not a token id");
    }
    return id;
}

std::vector<AddedToken> decoderTokens(const Json& decoder, const std::string& where)
{
    std::vector<AddedToken> tokens;
    if (!decoder.is_object()) {
        throw badInput(where + ": expected an object of token ids");
    }
    for (const auto& [id, value] : decoder.items()) {
        if (!isTokenObject(value)) {
            throw badInput(where + ", token " + id + ": expected an object with the token's text in 'content'");
        }
        tokens.push_back(tokenFrom(value, flag(value, "special", false)));
        tokens.back().id = idFrom(id, where);
    }
    return tokens;
}

// Older folders: {"<text>": id}.
std::vector<AddedToken> oldAddedTokens(const Json& json, const std::string& path)
{
    std::vector<AddedToken> tokens;
    for (const auto& [content, id] : json.items()) {
        if (!id.is_number_unsigned()) {
            throw badInput(path + ": the id of '" + content + "' is not a token id");
        }
        tokens.push_back(tokenFrom({{"content", content}}, false));
        tokens.back().id = id.get<std::int64_t>();
        tokens.back().asInTokenizer = true;
    }
    return tokens;
}

// The values of all special tokens: the standard names, model-specific names, and unnamed ones.
std::vector<Json> specialValues(const Json& config)
{
    std::vector<Json> values;
    const auto add = [&](const Json& value) {
        if (value.is_string() || isTokenObject(value)) {
            values.push_back(value);
        }
    };
    for (const char* name : kNames) {
        add(config.value(name, Json()));
    }
    for (const auto& [name, value] : config.items()) {
        if (name.ends_with("_token") && std::find(kNames.begin(), kNames.end(), name) == kNames.end()) {
            add(value);
        }
    }
    for (const char* list : {"extra_special_tokens", "additional_special_tokens", "model_specific_special_tokens"}) {
        const auto it = config.find(list);
        for (const Json& value : it != config.end() && it->is_structured() ? *it : Json::array()) {
            add(value);
        }
    }
    return values;
}

std::string contentOf(const Json& value)
{
    return value.is_string() ? value.get<std::string>() : value["content"].get<std::string>();
}

// The flags of a special token: those given with its name, else those of the added token with that text.
AddedToken specialToken(const Json& value, const std::vector<AddedToken>& listed, bool legacy)
{
    if (value.is_object()) {
        return tokenFrom(value, true);
    }
    const std::string content = contentOf(value);
    const auto known =
        std::find_if(listed.rbegin(), listed.rend(), [&](const AddedToken& token) { return token.content == content; });
    AddedToken token;
    if (known != listed.rend()) {
        token = *known;
        token.id.reset();
    }
    token.content = content;
    token.special = true;
    token.asInTokenizer = legacy;
    return token;
}

std::map<std::string, std::string> namesOf(const Json& config)
{
    std::map<std::string, std::string> names;
    for (const char* name : kNames) {
        const auto it = config.find(name);
        if (it != config.end() && (it->is_string() || isTokenObject(*it))) {
            names[name] = contentOf(*it);
        }
    }
    return names;
}

}  // namespace

TokenizerConfig parseTokenizerConfig(TokenizerFiles files)
{
    TokenizerConfig config;
    config.fields = std::move(files.config);
    const bool legacy = !config.fields.contains(kDecoder);
    if (legacy) {
        config.fields.update(files.specialTokensMap);
        config.addedTokens = oldAddedTokens(files.addedTokens, files.folder + "/added_tokens.json");
    } else {
        config.addedTokens =
            decoderTokens(config.fields[kDecoder], files.folder + "/tokenizer_config.json, field '" + kDecoder + "'");
    }
    config.specialTokens = namesOf(config.fields);
    std::stable_sort(config.addedTokens.begin(), config.addedTokens.end(),
                     [](const AddedToken& a, const AddedToken& b) { return a.id < b.id; });
    // A listed token that is also named is special whatever the list says.
    const auto values = specialValues(config.fields);
    for (AddedToken& token : config.addedTokens) {
        const bool named = std::any_of(values.begin(), values.end(),
                                       [&](const Json& value) { return contentOf(value) == token.content; });
        token.special = token.special || named;
        token.normalized = token.normalized && !(legacy && named);
    }
    const std::vector<AddedToken> listed = config.addedTokens;
    for (const Json& value : values) {
        config.addedTokens.push_back(specialToken(value, listed, legacy));
    }
    return config;
}

TokenizerConfig readTokenizerConfig(const std::string& folder)
{
    TokenizerFiles files;
    files.folder = folder;
    files.config = readIfThere(folder + "/tokenizer_config.json");
    if (!files.config.contains(kDecoder)) {
        files.specialTokensMap = readIfThere(folder + "/special_tokens_map.json");
        files.addedTokens = readIfThere(folder + "/added_tokens.json");
    }
    return parseTokenizerConfig(std::move(files));
}

}  // namespace stet::files
