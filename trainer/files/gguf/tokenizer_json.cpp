#include "trainer/files/gguf/tokenizer_json.h"

#include "trainer/files/gguf/merges.h"
#include "trainer/files/gguf/pre_tokenizer.h"

#include <algorithm>

namespace stet::files::gguf {

namespace {

constexpr const char* kSpace = "\xE2\x96\x81";  // ▁, SentencePiece's space

std::string inQuotes(std::string_view text)
{
    return toLine(Json(text));
}

// What differs from one kind of tokenizer to another; the rest of the JSON is the same.
struct Parts {
    Json normalizer;
    std::string preTokenizer = "null";
    Json decoder;
    bool ignoreMerges = false;
    bool byteFallback = false;
    bool addsBos = false;
};

Parts byteLevelParts(const Metadata& metadata, const Vocabulary& vocabulary)
{
    const PreTokenizer* pre = preTokenizer(vocabulary.pre);
    if (pre == nullptr) {
        throw metadata.refused("its pre-tokenizer " + inQuotes(vocabulary.pre) +
                               " ('tokenizer.ggml.pre') is not supported; supported: " + preTokenizerNames());
    }
    Parts parts;
    parts.normalizer = pre->normalises ? Json{{"type", "NFC"}} : Json();
    parts.preTokenizer = pre->json;
    parts.decoder = {{"type", "ByteLevel"}, {"add_prefix_space", true}, {"trim_offsets", true}, {"use_regex", true}};
    parts.ignoreMerges = pre->ignoreMerges;
    parts.addsBos = pre->addsBos;
    return parts;
}

Json replaceSpaces()
{
    return {{"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", kSpace}};
}

// A text's first space: Phi-3 puts it before every text, Llama and Mistral before one that has none.
Parts sentencePieceParts(const Vocabulary& vocabulary, const std::string& architecture)
{
    Parts parts;
    Json decoders = {{{"type", "Replace"}, {"pattern", {{"String", kSpace}}}, {"content", " "}},
                     {{"type", "ByteFallback"}},
                     {{"type", "Fuse"}}};
    if (!vocabulary.spacePrefix) {
        parts.normalizer = replaceSpaces();
    } else if (architecture == "phi3") {
        parts.normalizer = {{"type", "Sequence"},
                            {"normalizers", {{{"type", "Prepend"}, {"prepend", kSpace}}, replaceSpaces()}}};
    } else {
        parts.preTokenizer =
            toLine(Json{{"type", "Metaspace"}, {"replacement", kSpace}, {"prepend_scheme", "first"}, {"split", false}});
    }
    if (vocabulary.spacePrefix) {
        decoders.push_back({{"type", "Strip"}, {"content", " "}, {"start", 1}, {"stop", 0}});
    }
    parts.decoder = {{"type", "Sequence"}, {"decoders", decoders}};
    parts.byteFallback = true;
    parts.addsBos = true;
    return parts;
}

bool isGemma(const std::string& architecture)
{
    return architecture.starts_with("gemma");
}

// Gemma's runs of spaces stand as spaces in the file and as ▁ in the text that is merged; such a run is found by
// merging, and not in the text as it was written.
void respellSpaces(Vocabulary& vocabulary)
{
    for (std::size_t i = 0; i < vocabulary.tokens.size(); ++i) {
        std::string& token = vocabulary.tokens[i];
        if (token.find_first_not_of(' ') == std::string::npos) {
            std::string respelled;
            for (std::size_t space = 0; space < token.size(); ++space) {
                respelled += kSpace;
            }
            token = respelled;
            vocabulary.types[i] = TokenType::Normal;
        }
    }
}

// Found in a text as it was written, before anything is cut: tokens of control, which are special, and the user's.
std::string addedTokens(const Vocabulary& vocabulary)
{
    std::string list;
    for (std::size_t i = 0; i < vocabulary.tokens.size(); ++i) {
        const auto id = static_cast<std::int64_t>(i);
        const bool named =
            id == vocabulary.bos || id == vocabulary.eos || id == vocabulary.unknown || id == vocabulary.padding;
        const bool special = named || vocabulary.types[i] == TokenType::Control;
        if (special || vocabulary.types[i] == TokenType::UserDefined) {
            list += (list.empty() ? "" : ",") +
                toLine(Json{{"id", i},
                            {"content", vocabulary.tokens[i]},
                            {"single_word", false},
                            {"lstrip", false},
                            {"rstrip", false},
                            {"normalized", false},
                            {"special", special}});
        }
    }
    return "[" + list + "]";
}

std::string vocabularyText(const Vocabulary& vocabulary)
{
    std::string text = "{";
    for (std::size_t i = 0; i < vocabulary.tokens.size(); ++i) {
        text += (i == 0 ? "" : ",") + inQuotes(vocabulary.tokens[i]) + ":" + std::to_string(i);
    }
    return text + "}";
}

std::string mergesText(const Vocabulary& vocabulary, bool byPosition, const Metadata& metadata)
{
    std::string text = "[";
    const auto add = [&](std::string_view left, std::string_view right) {
        text += (text.size() == 1 ? "[" : ",[") + inQuotes(left) + "," + inQuotes(right) + "]";
    };
    for (const std::string& merge : vocabulary.merges) {
        const std::size_t space = merge.find(' ');
        if (space == std::string::npos) {
            throw badInput(metadata.path() + ": a merge of its tokenizer is " + inQuotes(merge) +
                           ", expected two tokens with a space between them; convert the model again");
        }
        add(std::string_view(merge).substr(0, space), std::string_view(merge).substr(space + 1));
    }
    if (!vocabulary.merges.empty()) {
        return text + "]";
    }
    if (vocabulary.kind == VocabularyKind::ByteLevel) {
        throw metadata.missing("tokenizer.ggml.merges");
    }
    if (!byPosition && vocabulary.scores.empty()) {
        throw metadata.missing("tokenizer.ggml.scores");
    }
    for (const auto& [left, right] : mergesOf(vocabulary, byPosition, metadata.path())) {
        add(left, right);
    }
    return text + "]";
}

// The ids around a text.
Json postProcessor(const Metadata& metadata, const Vocabulary& vocabulary, bool addsBos)
{
    const auto wanted = [&](const std::optional<bool>& said, bool usual, const std::optional<std::int64_t>& id,
                            const char* key) {
        if (said.value_or(false) && !id) {
            throw metadata.missing(std::string("tokenizer.ggml.") + key);
        }
        return said.value_or(usual) && id;
    };
    Json single = Json::array();
    Json special = Json::object();
    const auto add = [&](std::int64_t id) {
        const std::string& token = vocabulary.at(id);
        single.push_back({{"SpecialToken", {{"id", token}, {"type_id", 0}}}});
        special[token] = {{"id", token}, {"ids", {id}}, {"tokens", {token}}};
    };
    if (wanted(vocabulary.addBos, addsBos, vocabulary.bos, "bos_token_id")) {
        add(*vocabulary.bos);
    }
    const Json text = {{"Sequence", {{"id", "A"}, {"type_id", 0}}}};
    single.push_back(text);
    if (wanted(vocabulary.addEos, false, vocabulary.eos, "eos_token_id")) {
        add(*vocabulary.eos);
    }
    Json pair = single;
    pair.push_back({{"Sequence", {{"id", "B"}, {"type_id", 1}}}});
    return {{"type", "TemplateProcessing"}, {"single", single}, {"pair", pair}, {"special_tokens", special}};
}

// Where it has the same tokens: else it would be another tokenizer than the rest of the file says.
std::optional<std::string> wholeTokenizer(const Metadata& metadata, const Vocabulary& vocabulary)
{
    auto text = metadata.text(kWholeTokenizer);
    if (!text) {
        return std::nullopt;
    }
    const Json json = Json::parse(*text, nullptr, false);
    const Json model = json.is_object() ? json.value("model", Json()) : Json();
    const Json tokens = model.is_object() ? model.value("vocab", Json()) : Json();
    bool same = tokens.is_object() && !tokens.empty();
    for (const auto& [token, id] : tokens.items()) {
        same = same && id.is_number_unsigned() && id.get<std::uint64_t>() < vocabulary.tokens.size() &&
            vocabulary.at(id.get<std::int64_t>()) == token;
    }
    if (!same) {
        throw badInput(metadata.path() + ": its '" + kWholeTokenizer + "' has other tokens than its vocabulary; " +
                       "convert the model again");
    }
    return text;
}

}  // namespace

std::string tokenizerJson(const Metadata& metadata)
{
    Vocabulary vocabulary = readVocabulary(metadata);
    if (auto whole = wholeTokenizer(metadata, vocabulary)) {
        return *whole;
    }
    const std::string architecture = metadata.text("general.architecture").value_or("");
    const bool pieces = vocabulary.kind == VocabularyKind::SentencePiece;
    const Parts parts = pieces ? sentencePieceParts(vocabulary, architecture) : byteLevelParts(metadata, vocabulary);
    const bool byPosition = pieces && isGemma(architecture);
    if (byPosition) {
        respellSpaces(vocabulary);
    }
    const Json unknown = pieces && vocabulary.unknown ? Json(vocabulary.at(*vocabulary.unknown)) : Json();
    return "{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":" + addedTokens(vocabulary) +
        ",\"normalizer\":" + toLine(parts.normalizer) + ",\"pre_tokenizer\":" + parts.preTokenizer +
        ",\"post_processor\":" + toLine(postProcessor(metadata, vocabulary, parts.addsBos)) +
        ",\"decoder\":" + toLine(parts.decoder) +
        ",\"model\":{\"type\":\"BPE\",\"dropout\":null,\"unk_token\":" + toLine(unknown) +
        ",\"continuing_subword_prefix\":null,\"end_of_word_suffix\":null,\"fuse_unk\":" + (pieces ? "true" : "false") +
        ",\"byte_fallback\":" + (parts.byteFallback ? "true" : "false") +
        ",\"ignore_merges\":" + (parts.ignoreMerges ? "true" : "false") + ",\"vocab\":" + vocabularyText(vocabulary) +
        ",\"merges\":" + mergesText(vocabulary, byPosition, metadata) + "}}";
}

Json tokenizerConfigJson(const Metadata& metadata, const Vocabulary& vocabulary)
{
    Json config = {{"tokenizer_class", "PreTrainedTokenizerFast"}};
    for (const auto& [name, id] :
         {std::pair("bos_token", vocabulary.bos), std::pair("eos_token", vocabulary.eos),
          std::pair("unk_token", vocabulary.unknown), std::pair("pad_token", vocabulary.padding)}) {
        if (id) {
            config[name] = vocabulary.at(*id);
        }
    }
    constexpr const char* kTemplate = "tokenizer.chat_template";
    const auto usual = metadata.text(kTemplate);
    if (usual) {
        config["chat_template"] = *usual;
        return config;
    }
    Json named = Json::array();
    for (const std::string& name : metadata.texts("tokenizer.chat_templates")) {
        if (const auto source = metadata.text(std::string(kTemplate) + "." + name)) {
            named.push_back({{"name", name}, {"template", *source}});
        }
    }
    if (!named.empty()) {
        config["chat_template"] = named;
    }
    return config;
}

}  // namespace stet::files::gguf
