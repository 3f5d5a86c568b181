#include "trainer/objectives/flags.h"

#include "trainer/score/contrast.h"
#include "trainer/score/response_log_probs.h"

namespace stet::round {

namespace {

bool flagged(files::MarksUse use, int mark, bool found)
{
    switch (use) {
    case files::MarksUse::Only:
        return mark > 0;
    case files::MarksUse::Ignore:
        return found;
    case files::MarksUse::Union:
        break;
    }
    return mark > 0 || (found && mark == 0);
}

}  // namespace

std::vector<char> flagsOf(const files::RoundSettings& settings, const std::vector<int>& marks,
                          const ContextLogProbs& logProbs)
{
    score::ContrastInput input{score::toDoubles(logProbs.plain), score::toDoubles(logProbs.judged), {}, {}, {}};
    auto& third = score::needsCorrection(settings.contrast) ? input.correction
        : settings.contrast == Contrast::D5                 ? input.others
                                                            : input.praised;
    third = score::toDoubles(logProbs.other);
    const auto ratios = score::logRatios(settings.contrast, input);
    std::vector<char> flags(ratios.size(), 0);
    for (std::size_t i = 0; i < ratios.size(); ++i) {
        const bool found = stet::flagged(settings.contrast, ratios[i], settings.lambda);
        flags[i] = flagged(settings.marks, i < marks.size() ? marks[i] : 0, found) ? 1 : 0;
    }
    return flags;
}

}  // namespace stet::round
