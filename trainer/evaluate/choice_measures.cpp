#include "trainer/evaluate/choice_measures.h"

#include "base/utf8.h"

#include <algorithm>
#include <cmath>

namespace stet::evaluate {

namespace {

std::size_t largest(const std::vector<double>& values)
{
    return static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

}  // namespace

ChoiceMeasures measureChoices(const ChoiceItem& item, const std::vector<double>& logLikelihoods)
{
    std::vector<double> perCharacter;
    std::vector<double> perByte;
    const double highest = *std::max_element(logLikelihoods.begin(), logLikelihoods.end());
    double all = 0;
    double right = 0;
    const auto isRight = [&](std::size_t i) { return std::binary_search(item.right.begin(), item.right.end(), i); };
    for (std::size_t i = 0; i < logLikelihoods.size(); ++i) {
        // A choice of no characters (HellaSwag's marks were all of it) becomes minus infinity, as in NumPy.
        perCharacter.push_back(logLikelihoods[i] / static_cast<double>(codePointCount(item.choices[i])));
        perByte.push_back(logLikelihoods[i] / static_cast<double>(item.choices[i].size()));
        const double weight = std::exp(logLikelihoods[i] - highest);  // lm-eval's exp alone becomes 0 / 0 below −745
        all += weight;
        right += isRight(i) ? weight : 0;
    }
    ChoiceMeasures measures;
    measures.preferred = {largest(logLikelihoods), largest(perCharacter), largest(perByte)};
    measures.acc = isRight(measures.preferred.plain) ? 1 : 0;
    measures.accNorm = isRight(measures.preferred.perCharacter) ? 1 : 0;
    measures.accBytes = isRight(measures.preferred.perByte) ? 1 : 0;
    measures.mc2 = right / all;
    return measures;
}

}  // namespace stet::evaluate
