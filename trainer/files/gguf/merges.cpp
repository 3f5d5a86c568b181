#include "trainer/files/gguf/merges.h"

#include "base/utf8.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

namespace stet::files::gguf {

namespace {

// Every cut of a token is looked up and may be a merge: the square of its length in bytes, in time and in the size of
// what is written. Gemma's quarter of a million tokens come to a fifth of this.
constexpr std::uint64_t kMostWork = std::uint64_t{1} << 27U;

struct Found {
    double score = 0;
    std::size_t leftLength = 0;  // in characters
    std::size_t rightLength = 0;
    std::size_t left = 0;  // id
    std::size_t right = 0;
};

using Ids = std::unordered_map<std::string_view, std::size_t>;

void refuseEndless(const Vocabulary& vocabulary, const std::string& path)
{
    std::uint64_t work = 0;
    for (const std::string& token : vocabulary.tokens) {
        work += static_cast<std::uint64_t>(token.size()) * token.size();
    }
    if (work > kMostWork) {
        throw badInput(path +
                       ": the tokens of its vocabulary are longer than those of any tokenizer; convert the "
                       "model again");
    }
}

// By ids; the sort of all keeps that order among equals.
void addCuts(const std::string& token, double score, const Ids& ids, std::vector<Found>& all)
{
    const std::string_view text = token;
    const auto starts = codePointStarts(token);
    const std::size_t characters = starts.size() - 1;
    const std::size_t before = all.size();
    for (std::size_t cut = 1; cut < characters; ++cut) {
        const auto left = ids.find(text.substr(0, starts[cut]));
        const auto right = ids.find(text.substr(starts[cut]));
        if (left != ids.end() && right != ids.end()) {
            all.push_back({score, cut, characters - cut, left->second, right->second});
        }
    }
    std::sort(all.begin() + static_cast<std::ptrdiff_t>(before), all.end(),
              [](const Found& a, const Found& b) { return std::tie(a.left, a.right) < std::tie(b.left, b.right); });
}

}  // namespace

std::vector<Merge> mergesOf(const Vocabulary& vocabulary, bool byPosition, const std::string& path)
{
    refuseEndless(vocabulary, path);
    Ids ids;
    for (std::size_t i = 0; i < vocabulary.tokens.size(); ++i) {
        ids.emplace(vocabulary.tokens[i], i);
    }
    std::vector<Found> all;
    for (std::size_t i = 0; i < vocabulary.tokens.size(); ++i) {
        if (vocabulary.types[i] == TokenType::Normal || vocabulary.types[i] == TokenType::UserDefined) {
            addCuts(vocabulary.tokens[i], byPosition ? -static_cast<double>(i) : vocabulary.scores[i], ids, all);
        }
    }
    std::stable_sort(all.begin(), all.end(), [](const Found& a, const Found& b) {
        return std::tie(b.score, b.leftLength, b.rightLength) < std::tie(a.score, a.leftLength, a.rightLength);
    });
    std::vector<Merge> merges;
    merges.reserve(all.size());
    for (const Found& one : all) {
        merges.emplace_back(vocabulary.tokens[one.left], vocabulary.tokens[one.right]);
    }
    return merges;
}

}  // namespace stet::files::gguf
