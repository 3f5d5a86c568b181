// ROUGE-1, -2, -L and -Lsum of an output against a reference, as the package rouge-score 0.1.2 computes them: lower
// case, everything but a–z and 0–9 separates words; Lsum takes the lines of a text as its sentences. Pure, no Torch;
// any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace stet::evaluate {

struct Rouge {
    double precision = 0;
    double recall = 0;
    double f = 0;
};

struct RougeScores {
    Rouge rouge1;
    Rouge rouge2;
    Rouge rougeL;
    Rouge rougeLsum;
};

enum class Stemming { None, Porter };  // rouge-score's use_stemmer; Porter takes words of more than three characters

// Time grows with (words of reference) × (words of output), memory with an eighth of that in bytes: see
// kMostRougeWordPairs.
RougeScores rougeScores(std::string_view reference, std::string_view output, Stemming stemming);

// Callers must refuse pairs with rougeWordCount(a) × rougeWordCount(b) above this.
constexpr std::size_t kMostRougeWordPairs = 1'000'000'000;
std::size_t rougeWordCount(std::string_view text);

}  // namespace stet::evaluate
