#include "trainer/evaluate/rouge.h"

#include "trainer/evaluate/porter_stemmer.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace stet::evaluate {

namespace {

using Words = std::vector<std::uint32_t>;  // numbers from a Vocabulary
using Lines = std::vector<Words>;

// Calls onWord for every run of a–z and 0–9 in the lower-cased text. Of all other characters two alone have such a
// letter in their small form: İ (U+0130) and the sign of the kelvin (U+212A).
void eachWord(std::string_view text, const std::function<void(const std::string&)>& onWord)
{
    std::string word;
    const auto end = [&] {
        if (!word.empty()) {
            onWord(word);
            word.clear();
        }
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            word += c;
        } else if (c >= 'A' && c <= 'Z') {
            word += static_cast<char>(c - 'A' + 'a');
        } else if (text.compare(i, 2, "\xC4\xB0") == 0) {
            word += 'i';
            end();  // its dot is a character of its own
            ++i;
        } else if (text.compare(i, 3, "\xE2\x84\xAA") == 0) {
            word += 'k';
            i += 2;
        } else {
            end();
        }
    }
    end();
}

// The same number for the same word (or stem) in both texts.
class Vocabulary {
public:
    explicit Vocabulary(Stemming stemming) : m_stemming(stemming) { }

    Lines linesOf(std::string_view text)
    {
        Lines lines;
        while (!text.empty()) {
            const auto end = std::min(text.find('\n'), text.size());
            Words words;
            eachWord(text.substr(0, end), [&](const std::string& word) { words.push_back(numberOf(word)); });
            if (!words.empty()) {
                lines.push_back(std::move(words));
            }
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        return lines;
    }

private:
    std::uint32_t numberOf(const std::string& word)
    {
        const bool stems = m_stemming == Stemming::Porter && word.size() > 3;
        const auto next = static_cast<std::uint32_t>(m_numbers.size());
        return m_numbers.emplace(stems ? porterStem(word) : word, next).first->second;
    }

    Stemming m_stemming;
    std::unordered_map<std::string, std::uint32_t> m_numbers;
};

Words joined(const Lines& lines)
{
    Words all;
    for (const Words& line : lines) {
        all.insert(all.end(), line.begin(), line.end());
    }
    return all;
}

Rouge fromHits(std::size_t hits, std::size_t reference, std::size_t output)
{
    Rouge rouge;
    rouge.precision = static_cast<double>(hits) / static_cast<double>(std::max<std::size_t>(output, 1));
    rouge.recall = static_cast<double>(hits) / static_cast<double>(std::max<std::size_t>(reference, 1));
    const double sum = rouge.precision + rouge.recall;
    rouge.f = sum > 0 ? 2 * rouge.precision * rouge.recall / sum : 0;
    return rouge;
}

// n is 1 or 2.
std::unordered_map<std::uint64_t, std::size_t> grams(const Words& words, std::size_t n)
{
    std::unordered_map<std::uint64_t, std::size_t> counts;
    for (std::size_t i = 0; i + n <= words.size(); ++i) {
        ++counts[n == 1 ? words[i] : std::uint64_t{words[i]} << 32U | words[i + 1]];
    }
    return counts;
}

Rouge rougeN(const Words& reference, const Words& output, std::size_t n)
{
    const auto there = grams(reference, n);
    const auto here = grams(output, n);
    std::size_t hits = 0;
    for (const auto& [gram, count] : there) {
        const auto it = here.find(gram);
        hits += it == here.end() ? 0 : std::min(count, it->second);
    }
    const auto total = [n](const Words& words) { return words.size() < n ? 0 : words.size() - n + 1; };
    return fromHits(hits, total(reference), total(output));
}

std::size_t commonLength(const Words& reference, const Words& output)
{
    std::vector<std::uint32_t> row(output.size() + 1, 0);
    for (const auto word : reference) {
        std::uint32_t diagonal = 0;
        for (std::size_t j = 1; j <= output.size(); ++j) {
            const std::uint32_t above = row[j];
            row[j] = word == output[j - 1] ? diagonal + 1 : std::max(above, row[j - 1]);
            diagonal = above;
        }
    }
    return row.back();
}

// Marks the reference's words of one longest common subsequence: the one rouge-score finds walking back, where
// several are longest. One bit a cell is all the way back needs.
void markCommon(const Words& reference, const Words& output, std::vector<bool>& marked)
{
    const std::size_t columns = output.size();
    std::vector<bool> leftIsLonger(reference.size() * columns);
    std::vector<std::uint32_t> row(columns + 1, 0);
    for (std::size_t i = 0; i < reference.size(); ++i) {
        std::uint32_t diagonal = 0;
        for (std::size_t j = 1; j <= columns; ++j) {
            const std::uint32_t above = row[j];
            leftIsLonger[i * columns + j - 1] = row[j - 1] > above;
            row[j] = reference[i] == output[j - 1] ? diagonal + 1 : std::max(above, row[j - 1]);
            diagonal = above;
        }
    }
    for (std::size_t i = reference.size(), j = columns; i > 0 && j > 0;) {
        if (reference[i - 1] == output[j - 1]) {
            marked[--i] = true;
            --j;
        } else if (leftIsLonger[(i - 1) * columns + j - 1]) {
            --j;
        } else {
            --i;
        }
    }
}

std::unordered_map<std::uint32_t, std::size_t> counts(const Lines& lines)
{
    std::unordered_map<std::uint32_t, std::size_t> all;
    for (const Words& line : lines) {
        for (const auto word : line) {
            ++all[word];
        }
    }
    return all;
}

// A reference line's hits are the union of its common subsequences with every line of the output; no word hits more
// often than it stands in either text.
Rouge rougeLsum(const Lines& reference, const Lines& output)
{
    auto leftInReference = counts(reference);
    auto leftInOutput = counts(output);
    std::size_t hits = 0;
    for (const Words& line : reference) {
        std::vector<bool> marked(line.size());
        for (const Words& other : output) {
            markCommon(line, other, marked);
        }
        for (std::size_t i = 0; i < line.size(); ++i) {
            const auto there = marked[i] ? leftInOutput.find(line[i]) : leftInOutput.end();
            if (there != leftInOutput.end() && there->second > 0 && leftInReference[line[i]] > 0) {
                ++hits;
                --there->second;
                --leftInReference[line[i]];
            }
        }
    }
    return fromHits(hits, joined(reference).size(), joined(output).size());
}

}  // namespace

RougeScores rougeScores(std::string_view reference, std::string_view output, Stemming stemming)
{
    Vocabulary vocabulary(stemming);
    const Lines referenceLines = vocabulary.linesOf(reference);
    const Lines outputLines = vocabulary.linesOf(output);
    const Words referenceWords = joined(referenceLines);
    const Words outputWords = joined(outputLines);
    RougeScores scores;
    scores.rouge1 = rougeN(referenceWords, outputWords, 1);
    scores.rouge2 = rougeN(referenceWords, outputWords, 2);
    scores.rougeL = fromHits(commonLength(referenceWords, outputWords), referenceWords.size(), outputWords.size());
    scores.rougeLsum = rougeLsum(referenceLines, outputLines);
    return scores;
}

std::size_t rougeWordCount(std::string_view text)
{
    std::size_t count = 0;
    eachWord(text, [&](const std::string&) { ++count; });
    return count;
}

}  // namespace stet::evaluate
