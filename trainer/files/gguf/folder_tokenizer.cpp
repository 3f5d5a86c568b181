// tokenizer.json of byte-level BPE as GGUF says it. What comes out cuts texts as the folder does, or is refused.
#include "base/failure.h"
#include "base/files.h"
#include "base/json.h"
#include "trainer/files/gguf/folder_metadata.h"
#include "trainer/files/gguf/pre_tokenizer.h"
#include "trainer/files/gguf/vocabulary.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace stet::files::gguf {

namespace {

class FolderTokenizer {
public:
    explicit FolderTokenizer(const ModelFolder& folder)
        : m_folder(folder), m_path(folder.path + "/tokenizer.json"), m_json(readJsonFile(m_path))
    {
    }

    std::vector<Pair> pairs()
    {
        refuseOtherKinds();
        readTokens();
        std::vector<Pair> pairs = {textPair("tokenizer.ggml.model", "gpt2"), textPair("tokenizer.ggml.pre", pre()),
                                   textsPair("tokenizer.ggml.tokens", m_tokens),
                                   numbersPair("tokenizer.ggml.token_type", m_types),
                                   textsPair("tokenizer.ggml.merges", merges())};
        addNamedTokens(pairs);
        addEnds(pairs);
        if (m_folder.chatTemplate) {
            pairs.push_back(textPair("tokenizer.chat_template", *m_folder.chatTemplate));
        }
        return pairs;
    }

private:
    Failure refused(const std::string& reason) const
    {
        return Failure(FailureKind::ModelRefused,
                       m_path + " can't be said in GGUF: " + reason +
                           "; give the model's own GGUF file as --model, or make a folder with stet-trainer merge");
    }

    // A field of the tokenizer or of its model; null where it is absent.
    static Json field(const Json& object, const char* name) { return object.value(name, Json()); }

    void refuseOtherKinds() const
    {
        if (!m_json.is_object() || !field(m_json, "model").is_object()) {
            throw badInput(m_path + " holds no tokenizer; download it again");
        }
        const Json model = field(m_json, "model");
        if (field(model, "type") != "BPE" || field(model, "byte_fallback") == true) {
            throw refused("only byte-level BPE is written");
        }
        for (const char* affix : {"continuing_subword_prefix", "end_of_word_suffix"}) {
            if (const Json value = field(model, affix); !value.is_null() && !value.get<std::string>().empty()) {
                throw refused(std::string("it has '") + affix + "'");
            }
        }
    }

    void place(const std::string& token, const Json& id, TokenType type)
    {
        if (!id.is_number_unsigned() || id.get<std::uint64_t>() >= m_tokens.size()) {
            throw badInput(m_path + ": token " + toLine(Json(token)) + " has the id " + toLine(id) + ", the model " +
                           std::to_string(m_tokens.size()) + " tokens; download it again");
        }
        m_tokens[id.get<std::size_t>()] = token;
        m_types[id.get<std::size_t>()] = static_cast<std::int32_t>(type);
        m_ids[token] = id.get<std::uint32_t>();
    }

    void readTokens()
    {
        const auto count = static_cast<std::size_t>(m_folder.config.vocabSize);
        m_tokens.resize(count);
        m_types.assign(count, static_cast<std::int32_t>(TokenType::Unused));
        for (std::size_t i = 0; i < count; ++i) {
            m_tokens[i] = "[PAD" + std::to_string(i) + "]";  // as llama.cpp calls ids that have no token
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
        pairs.push_back(flagPair("tokenizer.ggml.add_space_prefix", false));
    }

    const ModelFolder& m_folder;
    std::string m_path;
    Json m_json;
    std::vector<std::string> m_tokens;
    std::vector<std::int32_t> m_types;
    std::unordered_map<std::string, std::uint32_t> m_ids;
    std::unordered_map<std::string, std::optional<std::uint32_t>> m_named;
};

}  // namespace

std::vector<Pair> tokenizerPairs(const ModelFolder& folder)
{
    try {
        return FolderTokenizer(folder).pairs();
    } catch (const Json::exception&) {
        throw badInput(folder.path + "/tokenizer.json is not as a tokenizer is; download it again");
    }
}

}  // namespace stet::files::gguf
