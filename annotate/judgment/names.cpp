#include "annotate/judgment/names.h"

#include <array>

namespace stet::annotate {

std::string verdictName(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Accepted:
        return "accepted";
    case Verdict::Criticised:
        return "criticised";
    case Verdict::Skipped:
        return "skipped";
    case Verdict::Open:
        break;
    }
    return "open";
}

std::string filterNames()
{
    return "all, open, draft, drafted, accepted, criticised, skipped, bookmarked, trash";
}

std::optional<QueueFilter> filterFromName(const std::string& name)
{
    constexpr std::array kNames = {"all",        "open",    "draft",      "drafted", "accepted",
                                   "criticised", "skipped", "bookmarked", "trash"};
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        if (name == kNames.at(i)) {
            return static_cast<QueueFilter>(i);
        }
    }
    // What scripts of older versions say.
    return name == "flagged" ? std::optional(QueueFilter::Bookmarked) : std::nullopt;
}

}  // namespace stet::annotate
