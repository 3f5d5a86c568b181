#include "trainer/text/end_of_sequence.h"

#include "base/failure.h"
#include "base/json.h"

#include <algorithm>

namespace stet::text {

namespace {

std::int64_t configuredEnd(const Tokenizer& tokenizer, const files::ModelFolder& folder)
{
    if (folder.eosToken) {
        if (const auto id = tokenizer.idOf(*folder.eosToken)) {
            return *id;
        }
        throw badInput(folder.path + " names the end-of-sequence token '" + *folder.eosToken +
                       "' (eos_token in tokenizer_config.json, else in special_tokens_map.json), which tokenizer.json "
                       "does not have");
    }
    if (folder.stopIds.empty()) {
        throw badInput(folder.path + " names no end of sequence: " +
                       (folder.isGguf()
                            ? "'tokenizer.ggml.eos_token_id' in its metadata is needed"
                            : "eos_token in tokenizer_config.json or eos_token_id in config.json is needed"));
    }
    return folder.stopIds.front();
}

void checkVocabulary(std::int64_t id, const files::ModelFolder& folder, bool fromTemplate)
{
    if (id >= folder.config.vocabSize) {
        throw badInput(folder.path + " names " + std::to_string(id) + " as its end of sequence (" +
                       (fromTemplate ? "the token that its chat template writes behind an answer"
                                     : "eos_token, else eos_token_id") +
                       "), the model's vocabulary ends at " + std::to_string(folder.config.vocabSize - 1) +
                       "; name another one there");
    }
}

std::string unknownStop(std::int64_t id, const Tokenizer& tokenizer, const files::ModelFolder& folder)
{
    if (folder.isGguf()) {
        return folder.path + ": responses end with " + toLine(tokenizer.tokenText(id)) + " (" + std::to_string(id) +
            "), which its metadata do not name as an end: Stet stops there, other programs may generate on";
    }
    return folder.path + ": responses end with " + toLine(tokenizer.tokenText(id)) + " (" + std::to_string(id) +
        "), which neither generation_config.json nor config.json names in eos_token_id: Stet stops there, other "
        "programs may generate on; add it to eos_token_id in generation_config.json";
}

}  // namespace

EndOfSequence endOfSequence(const Tokenizer& tokenizer, const files::ModelFolder& folder, const ChatPrompts* chat)
{
    const auto written = chat != nullptr ? chat->endOfAnswer() : std::nullopt;
    EndOfSequence end;
    end.id = written ? *written : configuredEnd(tokenizer, folder);
    checkVocabulary(end.id, folder, written.has_value());
    end.stopIds = folder.stopIds;
    if (std::find(end.stopIds.begin(), end.stopIds.end(), end.id) == end.stopIds.end()) {
        end.stopIds.push_back(end.id);
        end.warnings.push_back(unknownStop(end.id, tokenizer, folder));
    }
    return end;
}

}  // namespace stet::text
