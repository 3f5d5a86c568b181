// The rule that says which tokens a judgment flags, and which of them a round then penalises. It lives in one file,
// used by the worker's detection, the heat-map and the tests, so that what is seen and what is trained can't differ.
// Pure; any thread.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace stet {

// Which two probabilities are compared (docs/method.md). p: plain, p_j: judged, p_+: praised.
enum class Contrast {
    D1,  // log p_j − log p            (the released code)
    D2,  // log p_j − log p_+          (the paper's formula)
    D3,  // logit p_j − logit p
    D4,  // log p_correction − log p   (opposite sign: wrong tokens have a LOW ratio)
    D5,  // D1 minus its mean under other examples' judgments
    D6,  // log p_j − log max(p, p_+), of words; λ from a rate of false alarms
};

constexpr double kDefaultLambda = 1.1;  // the released code's threshold

// Of a round's presets (docs/method.md): cut-paper D2, the others D1.
Contrast presetContrast(std::string_view preset);

std::optional<Contrast> contrastFromName(std::string_view name);  // "D1" … "D6"
std::string_view contrastName(Contrast contrast);

// True of a contrast that is measured against the same response under judgments of other examples.
bool comparesWithOthers(Contrast contrast);

// How far a log-ratio goes in the direction that flags: D4's sign is turned.
double towardsFlag(Contrast contrast, double logRatio);

// Strict comparison in double: All but D4: logRatio > ln λ; D4: logRatio < −ln λ. NaN is never flagged.
bool flagged(Contrast contrast, double logRatio, double lambda);

// True when no judgment whatever could flag the token under D1: plain probability ≥ 1/λ.
bool canNeverBeFlagged(double plainLogProb, double lambda);

// What the annotator's marks do to the flags: add to them and take from them, replace them, nothing.
enum class MarksUse { Union, Only, Ignore };

std::optional<MarksUse> marksUseFromName(std::string_view name);  // "union", "only", "ignore", as in round.json
std::string_view marksUseName(MarksUse use);

// Whether a mark over the code points [markBegin, markEnd) covers a token of the range [begin, end): they overlap. The
// end of sequence has an empty range, [length, length]: a mark that goes beyond it covers it, and the empty mark there.
bool markCovers(int markBegin, int markEnd, int begin, int end);

// Whether a round penalises the token. mark: +1 flag, −1 clear, 0 none.
bool penalised(MarksUse use, int mark, bool flagged);

// How much of each run of penalised tokens a round pushes down: all of it, or its first word, from which the others
// follow.
enum class Push { All, Beginnings };

std::optional<Push> pushFromName(std::string_view name);  // "all", "beginnings", as in round.json
std::string_view pushName(Push push);

constexpr int kNoWord = -1;  // no letter and no digit: punctuation, symbols, white space, the end of sequence

// 0 or 1 per token. words: one number per token, the same for the pieces of one word (trainer/detect/words.h);
// without them every token is one.
std::vector<char> pushed(Push push, const std::vector<char>& penalised, const std::vector<int>& words);

}  // namespace stet
