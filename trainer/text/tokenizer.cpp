#include "trainer/text/tokenizer.h"

#include "base/failure.h"
#include "base/files.h"
#include "base/json.h"
#include "base/model_path.h"
#include "trainer/files/gguf/model_file.h"
#include "trainer/files/gguf/tokenizer_json.h"
#include "trainer/files/tokenizer_config.h"
#include "trainer/text/rust/stet_text.h"

#include <algorithm>
#include <filesystem>

namespace stet::text {

namespace {

constexpr std::size_t kMaxTokenizerBytes = std::size_t{256} << 20;

const std::uint8_t* bytes(std::string_view text)
{
    return reinterpret_cast<const std::uint8_t*>(text.data());
}

// A text made by the Rust library, given back to it.
std::string taken(char* text)
{
    std::string copy = text != nullptr ? text : "";
    stet_text_free(text);
    return copy;
}

// As trainer/text/rust/stet_text.h counts them.
int recognised(Specials specials)
{
    switch (specials) {
    case Specials::InText:
    case Specials::InTextAndBegun:
        return 1;
    case Specials::Unmarked:
        return 2;
    case Specials::None:
    case Specials::Begun:
    case Specials::Added:
        break;
    }
    return 0;
}

int added(Specials specials)
{
    const bool begun = specials == Specials::Begun || specials == Specials::InTextAndBegun;
    return begun ? 2 : specials == Specials::Added ? 1 : 0;
}

// For the Rust library, as stet_text.h says.
std::string addedTokens(const std::string& folder)
{
    Json list = Json::array();
    for (const files::AddedToken& token : files::readTokenizerConfig(folder).addedTokens) {
        list.push_back({{"content", token.content},
                        {"id", token.id ? Json(*token.id) : Json()},
                        {"as_in_tokenizer", token.asInTokenizer},
                        {"lstrip", token.lstrip},
                        {"rstrip", token.rstrip},
                        {"single_word", token.singleWord},
                        {"normalized", token.normalized},
                        {"special", token.special}});
    }
    return toLine(list);
}

// A shell command; safe with any folder name.
std::string makeTokenizerCommand(const std::string& folder)
{
    std::string quoted;
    for (const char c : folder) {
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return "python3 -c \"import sys; from transformers import AutoTokenizer; "
           "AutoTokenizer.from_pretrained(sys.argv[1]).save_pretrained(sys.argv[1])\" '" +
        quoted + "'";
}

}  // namespace

std::optional<Encoding> continuation(const Encoding& before, Encoding joined, std::size_t shift)
{
    const auto count = static_cast<std::ptrdiff_t>(before.ids.size());
    if (joined.ids.size() < before.ids.size() ||
        !std::equal(before.ids.begin(), before.ids.end(), joined.ids.begin())) {
        return std::nullopt;
    }
    joined.ids.erase(joined.ids.begin(), joined.ids.begin() + count);
    joined.ranges.erase(joined.ranges.begin(), joined.ranges.begin() + count);
    for (TokenRange& range : joined.ranges) {
        range.begin = std::max(0, range.begin - static_cast<int>(shift));
        range.end = std::max(0, range.end - static_cast<int>(shift));
    }
    return joined;
}

struct Tokenizer::Handle {
    StetTokenizer* tokenizer = nullptr;
    std::string path;

    ~Handle() { stet_tokenizer_free(tokenizer); }
};

Tokenizer::Tokenizer(std::unique_ptr<Handle> handle) : m_handle(std::move(handle)) { }

Tokenizer::~Tokenizer() = default;

std::shared_ptr<const Tokenizer> Tokenizer::load(const std::string& folder)
{
    if (isGgufFile(folder)) {
        return read(folder, files::gguf::tokenizerJson(files::gguf::openModelFile(folder).metadata), "[]");
    }
    const std::string path = folder + "/tokenizer.json";
    // A dangling link counts as present: opening it reports what is wrong.
    std::error_code unknown;
    if (!std::filesystem::exists(std::filesystem::symlink_status(path, unknown))) {
        const bool sentencePiece = std::filesystem::exists(folder + "/tokenizer.model", unknown);
        throw badInput(folder + " has no tokenizer.json" +
                       (sentencePiece ? ": tokenizer.model alone is not read. Make one with Transformers (pip install "
                                        "transformers sentencepiece "
                                        "protobuf): " +
                                makeTokenizerCommand(folder)
                                      : "; download the model again"));
    }
    return read(path, readFile(path, kMaxTokenizerBytes), addedTokens(folder));
}

std::shared_ptr<const Tokenizer> Tokenizer::read(const std::string& path, const std::string& json,
                                                 const std::string& beside)
{
    auto handle = std::make_unique<Handle>();
    handle->path = path;
    char* error = nullptr;
    if (stet_tokenizer_load(bytes(json), json.size(), bytes(beside), beside.size(), &handle->tokenizer, &error) != 0) {
        throw badInput(path + " is not a usable tokenizer: " + taken(error));
    }
    return std::shared_ptr<const Tokenizer>(new Tokenizer(std::move(handle)));
}

Encoding Tokenizer::encode(std::string_view text, Specials specials) const
{
    StetEncoding raw = {};
    char* error = nullptr;
    if (stet_tokenizer_encode(m_handle->tokenizer, bytes(text), text.size(), recognised(specials), added(specials),
                              &raw, &error) != 0) {
        throw badInput("A text could not be turned into tokens with " + m_handle->path + ": " + taken(error));
    }
    Encoding encoding;
    encoding.ids.assign(raw.ids, raw.ids + raw.length);
    for (std::size_t i = 0; i < raw.length; ++i) {
        encoding.ranges.push_back({static_cast<int>(raw.begins[i]), static_cast<int>(raw.ends[i])});
    }
    stet_encoding_free(&raw);
    return encoding;
}

std::string Tokenizer::decode(const std::vector<std::int64_t>& ids, bool skipSpecial) const
{
    const std::vector<std::uint32_t> narrow(ids.begin(), ids.end());
    char* text = nullptr;
    char* error = nullptr;
    if (stet_tokenizer_decode(m_handle->tokenizer, narrow.data(), narrow.size(), skipSpecial ? 1 : 0, &text, &error) !=
        0) {
        throw badInput("Tokens could not be turned into text with " + m_handle->path + ": " + taken(error));
    }
    return taken(text);
}

std::optional<std::int64_t> Tokenizer::idOf(const std::string& token) const
{
    const auto id = stet_tokenizer_id_of(m_handle->tokenizer, bytes(token), token.size());
    return id < 0 ? std::nullopt : std::optional(id);
}

std::string Tokenizer::tokenText(std::int64_t id) const
{
    char* text = nullptr;
    char* error = nullptr;
    if (stet_tokenizer_token_text(m_handle->tokenizer, static_cast<std::uint32_t>(id), &text, &error) != 0) {
        throw badInput("Token " + std::to_string(id) + " has no text in " + m_handle->path + ": " + taken(error));
    }
    return taken(text);
}

std::vector<std::string> Tokenizer::specialTexts() const
{
    char* json = nullptr;
    char* error = nullptr;
    if (stet_tokenizer_special_texts(m_handle->tokenizer, &json, &error) != 0) {
        throw badInput(m_handle->path + " is not a usable tokenizer: " + taken(error));
    }
    return parseJson(taken(json), m_handle->path).get<std::vector<std::string>>();
}

std::int64_t Tokenizer::vocabSize() const
{
    return stet_tokenizer_vocab_size(m_handle->tokenizer, 1);
}

std::int64_t Tokenizer::baseVocabSize() const
{
    return stet_tokenizer_vocab_size(m_handle->tokenizer, 0);
}

}  // namespace stet::text
