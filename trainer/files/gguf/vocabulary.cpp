#include "trainer/files/gguf/vocabulary.h"

#include "base/json.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_set>

namespace stet::files::gguf {

namespace {

std::string keyOf(const char* name)
{
    return std::string("tokenizer.ggml.") + name;
}

VocabularyKind kindOf(const Metadata& metadata)
{
    const auto model = metadata.text(keyOf("model"));
    if (!model) {
        throw metadata.missing(keyOf("model"));
    }
    if (*model != "gpt2" && *model != "llama") {
        throw metadata.refused("its tokenizer is of the kind " + toLine(*model) +
                               ", which is not supported; supported: gpt2, llama");
    }
    return *model == "gpt2" ? VocabularyKind::ByteLevel : VocabularyKind::SentencePiece;
}

std::vector<std::string> tokensOf(const Metadata& metadata)
{
    auto tokens = metadata.texts(keyOf("tokens"));
    if (tokens.empty()) {
        throw metadata.missing(keyOf("tokens"));
    }
    std::unordered_set<std::string_view> known;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (tokens[i].empty()) {
            tokens[i] = "[EMPTY_" + std::to_string(i) + "]";
        }
    }
    for (const std::string& token : tokens) {
        if (!known.insert(token).second) {
            throw badInput(metadata.path() + ": its vocabulary has the token " + toLine(token) +
                           " twice; convert the model again");
        }
    }
    return tokens;
}

std::vector<TokenType> typesOf(const Metadata& metadata, std::size_t count)
{
    std::vector<TokenType> types;
    for (const double type : metadata.numbers(keyOf("token_type"))) {
        const bool known = type >= 1 && type <= 6;
        types.push_back(known ? static_cast<TokenType>(static_cast<int>(type)) : TokenType::Normal);
    }
    if (types.empty()) {
        types.assign(count, TokenType::Normal);
    }
    return types;
}

void checkLength(const Metadata& metadata, const char* name, std::size_t found, std::size_t tokens)
{
    if (found != tokens) {
        throw badInput(metadata.path() + ": '" + keyOf(name) + "' has " + std::to_string(found) +
                       " entries, its "
                       "vocabulary " +
                       std::to_string(tokens) + " tokens; download the file again");
    }
}

std::optional<std::int64_t> idOf(const Metadata& metadata, const char* name, std::size_t tokens)
{
    const auto id = metadata.integer(keyOf(name));
    if (id && (*id < 0 || *id >= static_cast<std::int64_t>(tokens))) {
        throw badInput(metadata.path() + ": '" + keyOf(name) + "' is " + std::to_string(*id) + ", no id of its " +
                       std::to_string(tokens) + " tokens; convert the model again");
    }
    return id;
}

}  // namespace

Vocabulary readVocabulary(const Metadata& metadata)
{
    Vocabulary vocabulary;
    vocabulary.kind = kindOf(metadata);
    vocabulary.pre = metadata.text(keyOf("pre")).value_or("default");
    vocabulary.tokens = tokensOf(metadata);
    const std::size_t count = vocabulary.tokens.size();
    vocabulary.types = typesOf(metadata, count);
    checkLength(metadata, "token_type", vocabulary.types.size(), count);
    vocabulary.scores = metadata.numbers(keyOf("scores"));
    if (!vocabulary.scores.empty()) {
        checkLength(metadata, "scores", vocabulary.scores.size(), count);
    }
    vocabulary.merges = metadata.texts(keyOf("merges"));
    vocabulary.bos = idOf(metadata, "bos_token_id", count);
    vocabulary.eos = idOf(metadata, "eos_token_id", count);
    vocabulary.unknown = idOf(metadata, "unknown_token_id", count);
    vocabulary.padding = idOf(metadata, "padding_token_id", count);
    vocabulary.addBos = metadata.flag(keyOf("add_bos_token"));
    vocabulary.addEos = metadata.flag(keyOf("add_eos_token"));
    vocabulary.spacePrefix = metadata.flag(keyOf("add_space_prefix")).value_or(true);
    return vocabulary;
}

std::vector<std::int64_t> stopIdsOf(const Metadata& metadata, const Vocabulary& vocabulary)
{
    std::vector<std::int64_t> ids;
    const auto add = [&](std::int64_t id) {
        if (std::find(ids.begin(), ids.end(), id) == ids.end()) {
            ids.push_back(id);
        }
    };
    for (const char* name : {"eos_token_id", "eot_token_id", "eom_token_id"}) {
        if (const auto id = idOf(metadata, name, vocabulary.tokens.size())) {
            add(*id);
        }
    }
    constexpr std::array<std::string_view, 6> kTurnEnds = {"<|eot_id|>", "<|eom_id|>",    "<|im_end|>",
                                                           "<|end|>",    "<end_of_turn>", "<|end_of_text|>"};
    for (std::size_t i = 0; i < vocabulary.tokens.size(); ++i) {
        const bool ends = std::find(kTurnEnds.begin(), kTurnEnds.end(), vocabulary.tokens[i]) != kTurnEnds.end();
        if (ends && vocabulary.types[i] != TokenType::Normal) {
            add(static_cast<std::int64_t>(i));
        }
    }
    return ids;
}

}  // namespace stet::files::gguf
