// SentencePiece's BPE out of tokenizer.json. There a list of merges says which two pieces become one, and which first;
// llama.cpp joins any two neighbours that are a token together, the one of the highest score first. Both are the same
// where the merges of a token stand together and are all there are.
#include "trainer/files/gguf/folder_parts.h"
#include "trainer/files/gguf/merges.h"

#include <array>
#include <cstdio>
#include <unordered_map>
#include <unordered_set>

namespace stet::files::gguf {

namespace {

constexpr const char* kSpace = "\xE2\x96\x81";  // ▁

Json withSpaces()
{
    return {{"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", kSpace}};
}

// Nothing is left to cut at once spaces are ▁: Gemma's folders have it nevertheless.
bool cutsNothing(const Json& preTokenizer)
{
    return preTokenizer.is_null() ||
        (preTokenizer.value("type", "") == "Split" && preTokenizer.at("pattern") == Json{{"String", " "}});
}

// llama.cpp puts a space before every part of a text, whatever it begins with, or before none.
bool spacePrefixOf(const Json& tokenizer, const std::string& path)
{
    const Json normalizer = tokenizer.value("normalizer", Json());
    const Json prepended = {{"type", "Sequence"},
                            {"normalizers", {{{"type", "Prepend"}, {"prepend", kSpace}}, withSpaces()}}};
    const bool prefix = normalizer == prepended;
    if (!(prefix || normalizer == withSpaces()) || !cutsNothing(tokenizer.value("pre_tokenizer", Json()))) {
        throw notInGguf(path, "it puts a space before a text by another rule than SentencePiece's");
    }
    return prefix;
}

using Ids = std::unordered_map<std::string, std::size_t>;

void markBytes(Vocabulary& vocabulary, const Ids& ids, const std::string& path)
{
    for (unsigned byte = 0; byte < 256; ++byte) {
        std::array<char, 8> name{};
        std::snprintf(name.data(), name.size(), "<0x%02X>", byte);
        const auto it = ids.find(name.data());
        if (it == ids.end()) {
            throw notInGguf(path, std::string("it has no token ") + name.data() + " for a byte");
        }
        vocabulary.types[it->second] = TokenType::Byte;
    }
}

std::pair<std::string, std::string> mergeOf(const Json& merge)
{
    if (merge.is_array()) {
        return {merge.at(0).get<std::string>(), merge.at(1).get<std::string>()};
    }
    const std::string text = merge.get<std::string>();
    const std::size_t space = text.find(' ');
    return {text.substr(0, space), space == std::string::npos ? std::string() : text.substr(space + 1)};
}

bool isMerged(TokenType type)
{
    return type == TokenType::Normal || type == TokenType::UserDefined;
}

// Llama 2's merges of spaces come in turns, longer and shorter: by the first of each, runs are cut as by all of them.
bool isRunOfSpaces(const std::string& token)
{
    const std::string_view space = kSpace;
    for (std::size_t i = 0; i < token.size(); i += space.size()) {
        if (token.compare(i, space.size(), space) != 0) {
            return false;
        }
    }
    return true;
}

// By the order of the tokens that merges make. Gives the merges that llama.cpp is to make, too.
std::unordered_set<std::string> scoreTokens(const Json& merges, const Ids& ids, bool byPosition, Vocabulary& vocabulary,
                                            const std::string& path)
{
    std::unordered_set<std::string> listed;
    vocabulary.scores.assign(vocabulary.tokens.size(), 0);
    double score = 0;
    const std::size_t none = vocabulary.tokens.size();
    std::size_t last = none;
    for (const Json& one : merges) {
        const auto [left, right] = mergeOf(one);
        const auto token = ids.find(left + right);
        if (token == ids.end()) {
            throw notInGguf(path, "a merge of its tokenizer makes no token");
        }
        if (token->second != last && !(vocabulary.scores[token->second] != 0 && isRunOfSpaces(token->first))) {
            const bool earlier = byPosition && last != none && token->second < last;
            if (earlier || vocabulary.scores[token->second] != 0) {
                throw notInGguf(path, "its merges are not in an order that scores of tokens can say");
            }
            last = token->second;
            vocabulary.scores[last] = --score;
        }
        if (isMerged(vocabulary.types[token->second])) {
            listed.insert(left + '\0' + right);
        }
    }
    return listed;
}

}  // namespace

SentencePiece sentencePieceOf(const Json& tokenizer, Vocabulary& vocabulary, bool byPosition, const std::string& path)
{
    SentencePiece piece;
    piece.spacePrefix = spacePrefixOf(tokenizer, path);
    Ids ids;
    for (std::size_t i = 0; i < vocabulary.tokens.size(); ++i) {
        ids.emplace(vocabulary.tokens[i], i);
    }
    markBytes(vocabulary, ids, path);
    const Json& model = tokenizer.at("model");
    const Json unknown = model.value("unk_token", Json());
    if (const auto it = unknown.is_string() ? ids.find(unknown.get<std::string>()) : ids.end(); it != ids.end()) {
        vocabulary.types[it->second] = TokenType::Unknown;
        vocabulary.unknown = static_cast<std::int64_t>(it->second);
    }
    const auto listed = scoreTokens(model.at("merges"), ids, byPosition, vocabulary, path);
    const auto implied = mergesOf(vocabulary, byPosition, path);
    bool same = implied.size() == listed.size();
    for (const auto& [left, right] : implied) {
        same = same && listed.count(std::string(left) + '\0' + std::string(right)) > 0;
    }
    if (!same) {
        throw notInGguf(path, "its merges are not all that its tokens allow, which llama.cpp would make");
    }
    piece.scores.assign(vocabulary.scores.begin(), vocabulary.scores.end());
    return piece;
}

}  // namespace stet::files::gguf
