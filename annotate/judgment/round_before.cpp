#include "annotate/judgment/round_before.h"

#include <algorithm>

namespace stet::annotate {

int roundBefore(const std::vector<RoundRecord>& rounds, int round)
{
    const auto find = [&](int number) {
        return std::find_if(rounds.begin(), rounds.end(), [&](const auto& one) { return one.number == number; });
    };
    for (auto one = find(round); one != rounds.end(); one = find(one->parent)) {
        const auto before = find(one->parent);
        if (before != rounds.end() && before->state == RoundState::Finished) {
            return before->number;
        }
    }
    return 0;
}

}  // namespace stet::annotate
