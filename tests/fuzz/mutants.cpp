#include "tests/fuzz/mutants.h"

#include "base/files.h"

#include <algorithm>
#include <array>
#include <filesystem>

namespace stet::fuzz {

namespace {

constexpr std::size_t kLongest = std::size_t{1} << 16U;

// What readers trip over: ends of number ranges, brackets, broken UTF-8, escapes.
constexpr std::array<std::string_view, 24> kPieces = {"0",
                                                      "-1",
                                                      "1e308",
                                                      "1e999",
                                                      "9223372036854775807",
                                                      "9223372036854775808",
                                                      "18446744073709551615",
                                                      "4294967296",
                                                      "{",
                                                      "}",
                                                      "[",
                                                      "]",
                                                      "null",
                                                      "\"\"",
                                                      ",",
                                                      ":",
                                                      "\n",
                                                      "\r",
                                                      "\\u0000",
                                                      "\\ud800",
                                                      "\xFF",
                                                      "\xE2\x80\x8B",
                                                      "true",
                                                      "0.5"};

std::size_t below(std::size_t end, std::mt19937_64& random)
{
    return end == 0 ? 0 : static_cast<std::size_t>(random() % end);
}

std::string pieceOf(const std::string& text, std::mt19937_64& random)
{
    const std::size_t begin = below(text.size(), random);
    return text.substr(begin, 1 + below(64, random));
}

void change(std::string& text, const std::string& other, std::mt19937_64& random)
{
    const std::size_t at = below(text.size() + 1, random);
    switch (random() % 8) {
    case 0:
        if (at < text.size()) {
            text[at] = static_cast<char>(text[at] ^ static_cast<char>(1U << random() % 8U));
        }
        break;
    case 1:
        if (at < text.size()) {
            text[at] = static_cast<char>(random());
        }
        break;
    case 2:
        text.erase(at, 1 + below(32, random));
        break;
    case 3:
        text.insert(at, pieceOf(text, random));
        break;
    case 4:
        text.insert(at, pieceOf(other, random));
        break;
    case 5:
        text.resize(at);
        break;
    default: {
        const auto piece = kPieces.at(below(kPieces.size(), random));
        // In place of a number or a word as often as beside it.
        const auto end = text.find_first_of(",]}: \n", at);
        text.replace(at, random() % 2 == 0 && end != std::string::npos ? end - at : 0, piece);
    }
    }
}

}  // namespace

std::vector<std::pair<std::string, std::string>> corpusOf(const std::string& folder)
{
    std::vector<std::pair<std::string, std::string>> corpus;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
        corpus.emplace_back(entry.path().filename().string(), readFile(entry.path().string(), std::size_t{16} << 20U));
    }
    std::sort(corpus.begin(), corpus.end());
    return corpus;
}

std::string mutant(const Target& target, const std::vector<std::pair<std::string, std::string>>& corpus,
                   std::mt19937_64& random)
{
    std::string text = corpus.at(below(corpus.size(), random)).second;
    const std::string& other = corpus.at(below(corpus.size(), random)).second;
    for (std::size_t changes = 1 + below(6, random); changes > 0; --changes) {
        change(text, other, random);
    }
    text.resize(std::min(text.size(), kLongest));
    return target.repair != nullptr && random() % 4 != 0 ? target.repair(text) : text;
}

}  // namespace stet::fuzz
