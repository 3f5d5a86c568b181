// The rule that says which tokens a judgment condemns. It lives in one function of one file, used by
// the trainer, the heat-map and the tests, so that what is seen and what is trained can't differ.
// Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

namespace stet {

// Which two probabilities are compared (docs/method.md). p: plain, p_j: judged, p_+: praised.
enum class Contrast {
    D1,  // log p_j − log p            (the released code)
    D2,  // log p_j − log p_+          (the paper's formula)
    D3,  // logit p_j − logit p
    D4,  // log p_correction − log p   (opposite sign: wrong tokens have a LOW ratio)
    D5,  // D1 minus its mean under other examples' judgments
};

constexpr double kDefaultLambda = 1.1;  // the released code's threshold

// Of a round's presets (docs/method.md): cut-paper D2, the others D1.
Contrast presetContrast(std::string_view preset);

std::optional<Contrast> contrastFromName(std::string_view name);  // "D1" … "D5"
std::string_view contrastName(Contrast contrast);

// Strict comparison in double: D1–D3, D5: logRatio > ln λ; D4: logRatio < −ln λ. NaN is never flagged.
bool flagged(Contrast contrast, double logRatio, double lambda);

// True when no judgment whatever could flag the token under D1: plain probability ≥ 1/λ.
bool canNeverBeFlagged(double plainLogProb, double lambda);

}  // namespace stet
