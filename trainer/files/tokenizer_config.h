// What the files next to tokenizer.json say of a tokenizer, read as Transformers 5 reads them
// (tokenization_utils_base.py, tokenization_utils_tokenizers.py): tokenizer_config.json and, unless that has an
// added_tokens_decoder, special_tokens_map.json, which overrides it, and added_tokens.json. Any thread.
#pragma once

#include "base/json.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace stet::files {

// A token to add to those of tokenizer.json, or to replace one of its tokens that has other flags.
struct AddedToken {
    std::string content;
    std::optional<std::int64_t> id;  // as listed; a token that is only named has none
    bool asInTokenizer = false;      // if tokenizer.json has the token, its flags there hold
    bool lstrip = false;             // consumes white space before it
    bool rstrip = false;             // consumes white space after it
    bool singleWord = false;
    bool normalized = false;  // found in the normalised text
    bool special = true;
};

struct TokenizerConfig {
    Json fields = Json::object();                      // tokenizer_config.json with its overrides
    std::map<std::string, std::string> specialTokens;  // by name ("bos_token" …)
    std::vector<AddedToken> addedTokens;               // in the order in which they are added
};

// The three files' objects; `folder` is for messages.
struct TokenizerFiles {
    Json config = Json::object();            // tokenizer_config.json
    Json specialTokensMap = Json::object();  // special_tokens_map.json
    Json addedTokens = Json::object();       // added_tokens.json: text → id
    std::string folder;
};

// Failure(BadInput) names the file: a malformed added token.
TokenizerConfig parseTokenizerConfig(TokenizerFiles files);

// A missing file counts as an empty one. Failure(BadInput) as above, and for a file that is not an object.
TokenizerConfig readTokenizerConfig(const std::string& folder);

}  // namespace stet::files
