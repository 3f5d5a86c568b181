// tokenizer.json through Hugging Face's `tokenizers` crate (pinned 0.22.2) behind the C ABI of trainer/text/rust.
// Thread-safe after construction (const calls). Owns the Rust handle. Panics in the crate are caught and become
// Failure(BadInput).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stet::text {

struct TokenRange {
    int begin = 0;  // code points of the encoded text; several tokens may share one character
    int end = 0;
    bool operator==(const TokenRange&) const = default;
};

struct Encoding {
    std::vector<std::int64_t> ids;
    std::vector<TokenRange> ranges;  // same length as ids; special tokens added by the post-processor have [0,0]
};

// Unicode noncharacters, which no written text contains, as control marks in a text encoded with Specials::Unmarked.
inline constexpr std::string_view kMark =
    "\xEF\xB7\x90";                                       // U+FDD0: a special token's text with it inside is plain text
inline constexpr std::string_view kCut = "\xEF\xB7\x91";  // U+FDD1: what follows is tokenized separately

// Which tokens the tokenizer's post-processor adds (BOS …), and whether special-token texts inside the text are
// recognised.
enum class Specials {
    None,      // user-written text and answers: "</s>" is text, nothing is added
    InText,    // templates: "<|im_end|>" is a token, nothing is added
    Unmarked,  // templates filled with user text: as InText, but "<kMark|im_end|>" is text; ranges don't count marks
    Begun,     // prompts of user text: no special tokens recognised; the post-processor's tokens before the text
               // are added, those after it are not, because the response follows
    InTextAndBegun,  // the same, with special tokens recognised
    Added,           // a complete text: no special tokens recognised, the post-processor's tokens added on both sides
};

// The tokens of `joined` behind those of `before`, their ranges moved back by `shift` code points, never below 0.
// nullopt: `joined` doesn't begin with them.
std::optional<Encoding> continuation(const Encoding& before, Encoding joined, std::size_t shift);

class Tokenizer {
public:
    // Reads FOLDER/tokenizer.json, and the tokens that stand in the files beside it alone (tokenizer_config.h), or what
    // stands in a GGUF file in place of both.
    // Failure(BadInput) names the file; a folder with only tokenizer.model says so.
    static std::shared_ptr<const Tokenizer> load(const std::string& folder);
    ~Tokenizer();

    Encoding encode(std::string_view text, Specials specials) const;
    std::string decode(const std::vector<std::int64_t>& ids, bool skipSpecial) const;
    std::optional<std::int64_t> idOf(const std::string& token) const;
    std::string tokenText(std::int64_t id) const;  // what the token adds to a text, for display ("▁the" → " the");
                                                   // bytes that are no text: "\xE2…" replaced
    std::int64_t vocabSize() const;                // including added tokens
    std::int64_t baseVocabSize() const;            // without those that stand among the added tokens alone
    std::vector<std::string> specialTexts() const;

private:
    struct Handle;
    explicit Tokenizer(std::unique_ptr<Handle> handle);
    // json: of tokenizer.json, which messages call `path`; beside: tokens to add, as stet_text.h says.
    static std::shared_ptr<const Tokenizer> read(const std::string& path, const std::string& json,
                                                 const std::string& beside);
    std::unique_ptr<Handle> m_handle;
};

}  // namespace stet::text
