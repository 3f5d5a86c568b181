// tokenizer.json as GGUF says it: byte-level BPE, or SentencePiece's. What comes out cuts texts as the folder does, or
// is refused.
#include "base/files.h"
#include "trainer/files/gguf/folder_parts.h"
#include "trainer/files/gguf/pre_tokenizer.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace stet::files::gguf {

namespace {

class FolderTokenizer {
public:
    FolderTokenizer(const ModelFolder& folder, std::string architecture)
        : m_folder(folder)
        , m_architecture(std::move(architecture))
        , m_path(folder.path + "/tokenizer.json")
        , m_json(readJsonFile(m_path))
    {
    }

    std::vector<Pair> pairs()
    {
        refuseOtherKinds();
        readTokens();
        std::vector<Pair> pairs = field(m_json.at("model"), "byte_fallback") == true ? sentencePiece() : byteLevel();
        std::vector<std::int32_t> types;
        for (const TokenType type : m_vocabulary.types) {
            types.push_back(static_cast<std::int32_t>(type));
        }
        pairs.push_back(textsPair("tokenizer.ggml.tokens", m_vocabulary.tokens));
        pairs.push_back(numbersPair("tokenizer.ggml.token_type", types));
        addNamedTokens(pairs);
        addEnds(pairs);
        if (m_folder.chatTemplate) {
            pairs.push_back(textPair("tokenizer.chat_template", *m_folder.chatTemplate));
        }
        return pairs;
    }

private:
    Failure refused(const std::string& reason) const { return notInGguf(m_path, reason); }

    // A field of the tokenizer or of its model; null where it is absent.
    static Json field(const Json& object, const char* name) { return object.value(name, Json()); }

    void refuseOtherKinds() const
    {
        if (!m_json.is_object() || !field(m_json, "model").is_object()) {
            throw badInput(m_path + " holds no tokenizer; download it again");
        }
        const Json model = field(m_json, "model");
        if (field(model, "type") != "BPE") {
            throw refused("only BPE is written");
        }
        for (const char* affix : {"continuing_subword_prefix", "end_of_word_suffix"}) {
            if (const Json value = field(model, affix); !value.is_null() && !value.get<std::string>().empty()) {
                throw refused(std::string("it has '") + affix + "'");
            }
        }
    }

    void place(const std::string& token, const Json& id, TokenType type)
    {
        if (!id.is_number_unsigned() || id.get<std::uint64_t>() >= m_vocabulary.tokens.size()) {
            throw badInput(m_path + ": token " + toLine(Json(token)) + " has the id " + toLine(id) + ", the model " +
                           std::to_string(m_vocabulary.tokens.size()) + " tokens; download it again");
        }
        m_vocabulary.tokens[id.get<std::size_t>()] = token;
        m_vocabulary.types[id.get<std::size_t>()] = type;
        m_ids[token] = id.get<std::uint32_t>();
    }

    void readTokens()
    {
        const auto count = static_cast<std::size_t>(m_folder.config.vocabSize);
        m_vocabulary.tokens.resize(count);
        m_vocabulary.types.assign(count, TokenType::Unused);
        for (std::size_t i = 0; i < count; ++i) {
            m_vocabulary.tokens[i] = "[PAD" + std::to_string(i) + "]";  // as llama.cpp calls ids that have no token
        }
        for (const auto& [token, id] : m_json.at("model").at("vocab").items()) {
            place(token, id, TokenType::Normal);
        }
        for (const Json& added : m_json.value("added_tokens", Json::array())) {
            const bool special = added.value("special", false);
            if (added.value("single_word", false) || added.value("lstrip", false) || added.value("rstrip", false)) {
                throw refused("its token " + toLine(field(added, "content")) + " takes spaces with it");
            }
            place(added.at("content").get<std::string>(), field(added, "id"),
                  special ? TokenType::Control : TokenType::UserDefined);
        }
    }

    std::vector<Pair> byteLevel() const
    {
        return {textPair("tokenizer.ggml.model", "gpt2"), textPair("tokenizer.ggml.pre", pre()),
                textsPair("tokenizer.ggml.merges", merges())};
    }

    // Gemma's readers go by the tokens' order (tokenizer_json.cpp), llama.cpp by the scores.
    std::vector<Pair> sentencePiece()
    {
        const bool gemma = m_architecture.starts_with("gemma");
        const SentencePiece piece = sentencePieceOf(m_json, m_vocabulary, gemma, m_path);
        m_spacePrefix = piece.spacePrefix;
        m_vocabulary.kind = VocabularyKind::SentencePiece;
        if (m_vocabulary.unknown) {
            m_named["unk_token"] = static_cast<std::uint32_t>(*m_vocabulary.unknown);
        }
        std::vector<Pair> pairs = {textPair("tokenizer.ggml.model", "llama"), textPair("tokenizer.ggml.pre", "default"),
                                   realsPair("tokenizer.ggml.scores", piece.scores)};
        // llama.cpp puts the space before every part of a text, as the folder; others, reading a Llama's file, only
        // before the first, and not before one that has a space.
        if (m_spacePrefix && m_architecture != "phi3") {
            pairs.push_back(textPair(kWholeTokenizer, readFile(m_path, kMostWholeTokenizer)));
        }
        return pairs;
    }

    std::string pre() const
    {
        const Json normalizer = field(m_json, "normalizer");
        const bool normalises = !normalizer.is_null();
        const auto name = preTokenizerName(field(m_json, "pre_tokenizer"), normalises,
                                           field(field(m_json, "model"), "ignore_merges") == true);
        if (!name || (normalises && field(normalizer, "type") != "NFC")) {
            throw refused("the way it cuts texts has no name among those known: " + preTokenizerNames());
        }
        return *name;
    }

    std::vector<std::string> merges() const
    {
        std::vector<std::string> merges;
        for (const Json& merge : m_json.at("model").value("merges", Json::array())) {
            const bool pair = merge.is_array() && merge.size() == 2;
            std::string text =
                pair ? merge[0].get<std::string>() + " " + merge[1].get<std::string>() : merge.get<std::string>();
            if (std::count(text.begin(), text.end(), ' ') != 1) {
                throw refused("its merge " + toLine(merge) + " has a space of its own");
            }
            merges.push_back(std::move(text));
        }
        return merges;
    }

    std::optional<std::uint32_t> idOf(const std::string& token) const
    {
        const auto it = m_ids.find(token);
        return it == m_ids.end() ? std::nullopt : std::optional(it->second);
    }

    // The end of sequence, and what else ends a turn: generation stops at each.
    void addNamedTokens(std::vector<Pair>& pairs)
    {
        for (const auto& [name, key] :
             {std::pair("bos_token", "bos_token_id"), std::pair("eos_token", "eos_token_id"),
              std::pair("unk_token", "unknown_token_id"), std::pair("pad_token", "padding_token_id")}) {
            const auto it = m_folder.specialTokens.find(name);
            if (it != m_folder.specialTokens.end()) {
                m_named[name] = idOf(it->second);
            }
            if (std::string_view(name) == "bos_token" && !m_named[name] && m_folder.config.bosId) {
                m_named[name] = static_cast<std::uint32_t>(*m_folder.config.bosId);
            }
            if (std::string_view(name) == "eos_token" && !m_named[name] && !m_folder.stopIds.empty()) {
                m_named[name] = static_cast<std::uint32_t>(m_folder.stopIds.front());
            }
            if (m_vocabulary.kind == VocabularyKind::SentencePiece && !m_named[name] && key[0] != 'p' &&
                key[0] != 'u') {
                throw refused(std::string("it names no ") + name + ", and llama.cpp would take another token for it");
            }
            if (m_named[name]) {
                pairs.push_back(numberPair(std::string("tokenizer.ggml.") + key, *m_named[name]));
            }
        }
        const std::vector<const char*> more = {"tokenizer.ggml.eot_token_id", "tokenizer.ggml.eom_token_id"};
        std::size_t next = 0;
        for (const std::int64_t id : m_folder.stopIds) {
            if (m_named["eos_token"] != static_cast<std::uint32_t>(id) && next < more.size()) {
                pairs.push_back(numberPair(more[next++], static_cast<std::uint32_t>(id)));
            }
        }
    }

    // The template that puts tokens around a text, alone or behind others that change nothing.
    Json around() const
    {
        const Json processor = field(m_json, "post_processor");
        Json all = field(processor.is_object() ? processor : Json::object(), "processors");
        if (!all.is_array()) {
            all = processor.is_null() ? Json::array() : Json::array({processor});
        }
        Json found;
        for (const Json& one : all) {
            const std::string type = one.value("type", "");
            if (type == "TemplateProcessing") {
                found = one.at("single");
            } else if (type != "ByteLevel") {
                throw refused("it puts tokens around a text by " + toLine(field(one, "type")));
            }
        }
        return found;
    }

    void addEnds(std::vector<Pair>& pairs)
    {
        bool begins = false;
        bool ends = false;
        bool text = false;
        for (const Json& piece : around()) {
            if (piece.contains("Sequence")) {
                text = true;
                continue;
            }
            const auto id = idOf(piece.at("SpecialToken").at("id").get<std::string>());
            bool& said = text ? ends : begins;
            if (said || !id || id != m_named[text ? "eos_token" : "bos_token"]) {
                throw refused("it puts other tokens around a text than its first and last");
            }
            said = true;
        }
        pairs.push_back(flagPair("tokenizer.ggml.add_bos_token", begins));
        pairs.push_back(flagPair("tokenizer.ggml.add_eos_token", ends));
        pairs.push_back(flagPair("tokenizer.ggml.add_space_prefix", m_spacePrefix));
    }

    const ModelFolder& m_folder;
    std::string m_architecture;
    std::string m_path;
    Json m_json;
    Vocabulary m_vocabulary;
    bool m_spacePrefix = false;
    std::unordered_map<std::string, std::uint32_t> m_ids;
    std::unordered_map<std::string, std::optional<std::uint32_t>> m_named;
};

}  // namespace

std::vector<Pair> tokenizerPairs(const ModelFolder& folder, const std::string& architecture)
{
    try {
        return FolderTokenizer(folder, architecture).pairs();
    } catch (const Json::exception&) {
        throw badInput(folder.path + "/tokenizer.json is not as a tokenizer is; download it again");
    }
}

}  // namespace stet::files::gguf
