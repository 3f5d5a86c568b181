#include "trainer/bench/bench_workload.h"

#include <algorithm>
#include <array>

namespace stet::bench {

namespace {

constexpr std::array<const char*, 24> kWords = {"the",   "order", "is",      "apple", "plum",  "river", "was",  "seven",
                                                "small", "house", "morning", "they",  "train", "words", "line", "has",
                                                "city",  "from",  "letter",  "green", "and",   "about", "work", "Rosa"};

// The same numbers everywhere; that they are not very random does not matter.
class Words {
public:
    explicit Words(std::uint64_t seed) : m_state(seed * 2862933555777941757ULL + 3037000493ULL) { }

    std::string next()
    {
        m_state = m_state * 6364136223846793005ULL + 1442695040888963407ULL;
        return kWords.at((m_state >> 33U) % kWords.size());
    }

private:
    std::uint64_t m_state;
};

text::EncodedExample encoded(const text::ExampleEncoder& encoder, const files::Example& example)
{
    return encoder.encode(example, {text::Context::Plain, text::Context::Judged}, {});
}

}  // namespace

std::int64_t responseTokens(const text::ExampleEncoder& encoder, const files::Example& example)
{
    return encoded(encoder, example).responseKept;
}

files::Example benchExample(const text::ExampleEncoder& encoder, std::int64_t tokens, std::uint64_t seed)
{
    Words words(seed);
    files::Example example;
    example.id = "bench-" + std::to_string(seed);
    example.instruction = "Write about " + words.next() + " and " + words.next() + ".";
    example.judgment = "The response leaves out the " + words.next() + ".";
    std::string output = words.next();
    do {
        example.output = output;
        output += " " + words.next();
        files::Example longer = example;
        longer.output = output;
        if (encoded(encoder, longer).truncated) {
            break;
        }
    } while (responseTokens(encoder, example) < tokens);
    return example;
}

std::vector<round::TrainingExample> benchBatch(const text::ExampleEncoder& encoder, int count, std::uint64_t seed)
{
    std::vector<round::TrainingExample> batch;
    for (int i = 0; i < count; ++i) {
        round::TrainingExample example;
        example.source = benchExample(encoder, 16 + 64 * i / std::max(1, count - 1), seed + static_cast<unsigned>(i));
        example.source.line = i;
        example.criticised = true;
        const auto ids = encoded(encoder, example.source);
        const auto& plain = ids.contexts.at(text::Context::Plain);
        const auto& judged = ids.contexts.at(text::Context::Judged);
        example.tokens = static_cast<std::int64_t>(plain.response.size());
        example.readings = {{"plain", round::Use::Trained, {plain.prompt, plain.response}, example.tokens},
                            {"judged", round::Use::Trained, {judged.prompt, judged.response}, example.tokens}};
        example.marks.assign(plain.response.size(), 0);
        example.words.assign(plain.response.size(), 0);
        for (std::size_t k = 0; k < plain.response.size(); ++k) {
            example.flags.push_back(k % 8 == 3 ? 1 : 0);
        }
        batch.push_back(std::move(example));
    }
    return batch;
}

}  // namespace stet::bench
