// Example → token ids under each context, by the rules of docs/headless.md "Prompts": response ids are taken
// once and are the same in every context; end of sequence; truncation "left" (cut-*) or "tail" (stable, score). Const
// calls are thread-safe.
#pragma once

#include "trainer/files/example_lines.h"
#include "trainer/text/chat_prompts.h"
#include "trainer/text/end_of_sequence.h"
#include "trainer/text/prompt_style.h"
#include "trainer/text/tokenizer.h"

#include <ctime>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace stet::text {

enum class Truncate { Left, Tail };

struct ContextIds {
    std::vector<std::int64_t>
        prompt;  // what is left of the prompt's ids (Left may eat into it, then into the response)
    std::vector<std::int64_t> response;  // response ids, end of sequence included
    int cut = 0;                         // ids dropped by truncation in this context
};

struct EncodedExample {
    std::vector<std::int64_t> response;  // untruncated, end of sequence included
    std::vector<TokenRange> ranges;      // per response token; end of sequence is [len, len]
    std::map<Context, ContextIds> contexts;
    bool truncated = false;      // in any context
    bool contextsEqual = false;  // plain and judged became the same ids by truncation
    int responseKept = 0;        // Tail: response tokens kept, the same in every context. Left: the full number
};

struct EncoderOptions {
    std::int64_t maxLength = 2048;  // limit = min(maxLength, context length), end of sequence included
    Truncate truncate = Truncate::Tail;
};

class ExampleEncoder {
public:
    // now: what a chat template is told of the time, in seconds since 1970. Failure(BadInput): a tokenizer whose
    // vocabulary (not counting added tokens) is larger than the model's; no end of sequence.
    ExampleEncoder(std::shared_ptr<const Tokenizer> tokenizer, PromptStyle style, const files::ModelFolder& folder,
                   std::int64_t now = std::time(nullptr));

    EncodedExample encode(const files::Example& example, const std::vector<Context>& contexts,
                          const EncoderOptions& options) const;

    // The judgment as the response to a prompt that shows the output and asks for a judgment; for an accepted output
    // the article's praise. The only context is Judging.
    EncodedExample encodeJudgment(const files::Example& example, const EncoderOptions& options) const;

    // Uses the example's judgment. Failure(BadInput): messages in a style other than chat; messages that the template
    // refuses; a token outside the model's vocabulary (in a response, too).
    std::vector<std::int64_t> promptIds(Context context, const files::Example& example) const;
    const EndOfSequence& end() const { return m_end; }
    const PromptStyle& style() const { return m_style; }
    const Tokenizer& tokenizer() const { return *m_tokenizer; }

private:
    Encoding encodeResponse(Context context, const files::Example& example, const std::string& text) const;
    Encoding checked(Encoding encoding, const files::Example& example) const;  // every id within the model's vocabulary
    void addEnd(EncodedExample& encoded, const std::string& text) const;
    void truncate(EncodedExample& encoded, const EncoderOptions& options) const;
    std::string promptText(Context context, const files::Example& example) const;
    ChatPrompt chatPrompt(Context context, const files::Example& example) const;

    std::shared_ptr<const Tokenizer> m_tokenizer;
    PromptStyle m_style;
    std::shared_ptr<const ChatPrompts> m_chat;  // null unless the style is a chat; shared with copies of the encoder
    std::int64_t m_contextLength = 0;
    std::int64_t m_vocabularySize = 0;
    EndOfSequence m_end;
};

// False if tail truncation left fewer than 16 of the response tokens (or, of a shorter response, not all).
bool worthKeeping(const EncodedExample& encoded);

// Which response tokens an annotator's marks cover: +1 flag, −1 clear, 0 none; later marks win.
std::vector<int> markedTokens(const std::vector<files::Mark>& marks, const std::vector<TokenRange>& ranges);

}  // namespace stet::text
