#include "trainer/text/example_encoder.h"

#include "base/failure.h"
#include "base/flag_rule.h"
#include "base/utf8.h"

#include <algorithm>

namespace stet::text {

namespace {

// Fewer response tokens than this left by truncation are not worth an example.
constexpr int kFewestTokens = 16;

// Added tokens may stand behind the model's vocabulary (<image_soft_token> of Gemma 3 does): only a text that uses one
// can't be read, and checked() refuses it.
void checkVocabulary(const Tokenizer& tokenizer, const files::ModelFolder& folder)
{
    if (tokenizer.baseVocabSize() > folder.config.vocabSize) {
        throw badInput(folder.path + ": its tokenizer has token ids up to " +
                       std::to_string(tokenizer.baseVocabSize() - 1) + ", the model's vocabulary ends at " +
                       std::to_string(folder.config.vocabSize - 1) + ": the tokenizer belongs to another model");
    }
}

// encode("\n" + output) without the ids of "\n" when they are its beginning, else encode(output): prompts that are no
// chat end with a line, and the first token of a response may be another one behind it.
Encoding encodeAfterLineEnd(const Tokenizer& tokenizer, const std::string& output)
{
    const Encoding before = tokenizer.encode("\n", Specials::None);
    auto after = continuation(before, tokenizer.encode("\n" + output, Specials::None), 1);
    return after ? std::move(*after) : tokenizer.encode(output, Specials::None);
}

void truncateLeft(EncodedExample& encoded, std::int64_t limit)
{
    for (auto& [context, ids] : encoded.contexts) {
        const auto length = static_cast<std::int64_t>(ids.prompt.size() + ids.response.size());
        const std::int64_t cut = std::max<std::int64_t>(0, length - limit);
        const auto fromPrompt =
            static_cast<std::ptrdiff_t>(std::min<std::int64_t>(cut, static_cast<std::int64_t>(ids.prompt.size())));
        ids.prompt.erase(ids.prompt.begin(), ids.prompt.begin() + fromPrompt);
        ids.response.erase(ids.response.begin(), ids.response.begin() + (cut - fromPrompt));
        ids.cut = static_cast<int>(cut);
    }
}

// By the same number in every context, so that every number left is the untruncated one.
void truncateTail(EncodedExample& encoded, std::int64_t limit)
{
    std::int64_t kept = static_cast<std::int64_t>(encoded.response.size());
    for (const auto& [context, ids] : encoded.contexts) {
        kept = std::min(kept, limit - static_cast<std::int64_t>(ids.prompt.size()));
    }
    kept = std::max<std::int64_t>(kept, 0);
    encoded.responseKept = static_cast<int>(kept);
    for (auto& [context, ids] : encoded.contexts) {
        ids.cut = static_cast<int>(static_cast<std::int64_t>(ids.response.size()) - kept);
        ids.response.resize(static_cast<std::size_t>(kept));
    }
}

bool sameIds(const ContextIds& a, const ContextIds& b)
{
    std::vector<std::int64_t> left = a.prompt;
    left.insert(left.end(), a.response.begin(), a.response.end());
    std::vector<std::int64_t> right = b.prompt;
    right.insert(right.end(), b.response.begin(), b.response.end());
    return left == right;
}

}  // namespace

ExampleEncoder::ExampleEncoder(std::shared_ptr<const Tokenizer> tokenizer, PromptStyle style,
                               const files::ModelFolder& folder, std::int64_t now)
    : m_tokenizer(std::move(tokenizer))
    , m_style(std::move(style))
    , m_contextLength(folder.config.contextLength)
    , m_vocabularySize(folder.config.vocabSize)
{
    checkVocabulary(*m_tokenizer, folder);
    if (m_style.isChat()) {
        m_chat = std::make_shared<ChatPrompts>(ChatTemplate::load(folder, now), m_tokenizer);
    }
    m_end = endOfSequence(*m_tokenizer, folder, m_chat.get());
}

std::string ExampleEncoder::promptText(Context context, const files::Example& example) const
{
    const std::string instruction = files::fullInstruction(example);
    return context == Context::Judging ? m_style.renderJudging(instruction, example.output.value_or(""))
                                       : m_style.render(context, instruction, example.judgment.value_or(""));
}

ChatPrompt ExampleEncoder::chatPrompt(Context context, const files::Example& example) const
{
    Json messages = example.messages.is_null() ? Json::array({{{"role", "user"}}}) : example.messages;
    messages.back()["content"] = promptText(context, example);
    try {
        return m_chat->render(messages, true);
    } catch (const Failure& failure) {
        throw Failure(failure.kind(), "'" + example.id + "': " + failure.what());
    }
}

Encoding ExampleEncoder::checked(Encoding encoding, const files::Example& example) const
{
    for (const std::int64_t id : encoding.ids) {
        if (id >= m_vocabularySize) {
            throw badInput("'" + example.id + "' holds the token " + toLine(m_tokenizer->tokenText(id)) + " (" +
                           std::to_string(id) + "), and the model's vocabulary ends at " +
                           std::to_string(m_vocabularySize - 1) + "; take it out of the text");
        }
    }
    return encoding;
}

std::vector<std::int64_t> ExampleEncoder::promptIds(Context context, const files::Example& example) const
{
    if (m_chat) {
        return checked(chatPrompt(context, example).encoding, example).ids;
    }
    if (!example.messages.is_null()) {
        throw badInput("'" + example.id + "' is a conversation ('messages'), which needs the prompt style chat, not " +
                       m_style.name());
    }
    return checked(m_tokenizer->encode(promptText(context, example), Specials::Begun), example).ids;
}

Encoding ExampleEncoder::encodeResponse(Context context, const files::Example& example, const std::string& text) const
{
    return checked(m_chat ? m_chat->answer(chatPrompt(context, example), text) : encodeAfterLineEnd(*m_tokenizer, text),
                   example);
}

void ExampleEncoder::addEnd(EncodedExample& encoded, const std::string& text) const
{
    const auto length = static_cast<int>(codePointCount(text));
    encoded.response.push_back(m_end.id);
    encoded.ranges.push_back({length, length});
}

void ExampleEncoder::truncate(EncodedExample& encoded, const EncoderOptions& options) const
{
    encoded.responseKept = static_cast<int>(encoded.response.size());
    const std::int64_t limit = std::min(options.maxLength, m_contextLength);
    options.truncate == Truncate::Left ? truncateLeft(encoded, limit) : truncateTail(encoded, limit);
    for (const auto& [context, ids] : encoded.contexts) {
        encoded.truncated = encoded.truncated || ids.cut > 0;
    }
}

// Response ids are taken once, after the plain prompt, and are the same in every context.
EncodedExample ExampleEncoder::encode(const files::Example& example, const std::vector<Context>& contexts,
                                      const EncoderOptions& options) const
{
    const std::string output = example.output.value_or("");
    Encoding response = encodeResponse(Context::Plain, example, output);
    EncodedExample encoded;
    encoded.response = std::move(response.ids);
    encoded.ranges = std::move(response.ranges);
    if (!example.stoppedByLength) {
        addEnd(encoded, output);
    }
    for (const Context context : contexts) {
        encoded.contexts[context] = {promptIds(context, example), encoded.response, 0};
    }
    truncate(encoded, options);
    const auto plain = encoded.contexts.find(Context::Plain);
    const auto judged = encoded.contexts.find(Context::Judged);
    encoded.contextsEqual = plain != encoded.contexts.end() && judged != encoded.contexts.end() && encoded.truncated &&
        sameIds(plain->second, judged->second);
    return encoded;
}

EncodedExample ExampleEncoder::encodeJudgment(const files::Example& example, const EncoderOptions& options) const
{
    const std::string judgment = example.judgment.value_or(kPraise);
    Encoding response = encodeResponse(Context::Judging, example, judgment);
    EncodedExample encoded;
    encoded.response = std::move(response.ids);
    encoded.ranges = std::move(response.ranges);
    addEnd(encoded, judgment);
    encoded.contexts[Context::Judging] = {promptIds(Context::Judging, example), encoded.response, 0};
    truncate(encoded, options);
    return encoded;
}

bool worthKeeping(const EncodedExample& encoded)
{
    const auto all = static_cast<int>(encoded.response.size());
    return encoded.responseKept >= std::min(kFewestTokens, all) && encoded.responseKept > 0;
}

std::vector<int> markedTokens(const std::vector<files::Mark>& marks, const std::vector<TokenRange>& ranges)
{
    std::vector<int> marked(ranges.size(), 0);
    for (const auto& mark : marks) {
        for (std::size_t i = 0; i < ranges.size(); ++i) {
            if (markCovers(mark.begin, mark.end, ranges[i].begin, ranges[i].end)) {
                marked[i] = mark.kind == files::MarkKind::Flag ? 1 : -1;
            }
        }
    }
    return marked;
}

}  // namespace stet::text
