#include "trainer/round/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace stet::round {

double Schedule::at(std::int64_t update) const
{
    if (update < warmupSteps) {
        return learningRate * static_cast<double>(update + (warmupFromZero ? 0 : 1)) / static_cast<double>(warmupSteps);
    }
    const auto span = static_cast<double>(std::max<std::int64_t>(1, steps - warmupSteps));
    const double done = std::min(1.0, static_cast<double>(update - warmupSteps) / span);
    double share = 1;
    switch (kind) {
    case files::ScheduleKind::Cosine:
        share = 0.5 * (1 + std::cos(std::numbers::pi * done));
        break;
    case files::ScheduleKind::Linear:
        share = 1 - done;
        break;
    case files::ScheduleKind::Constant:
        break;
    }
    return learningRate * (minRatio + (1 - minRatio) * share);
}

}  // namespace stet::round
