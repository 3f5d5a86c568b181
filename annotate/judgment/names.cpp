#include "annotate/judgment/names.h"

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
    return "all, open, draft, accepted, criticised, skipped, bookmarked, trash";
}

std::optional<QueueFilter> filterFromName(const std::string& name)
{
    constexpr const char* kNames[] = {"all",        "open",    "draft",      "accepted",
                                      "criticised", "skipped", "bookmarked", "trash"};
    for (int i = 0; i < 8; ++i) {
        if (name == kNames[i]) {
            return static_cast<QueueFilter>(i);
        }
    }
    // What scripts of older versions say.
    return name == "flagged" ? std::optional(QueueFilter::Bookmarked) : std::nullopt;
}

}  // namespace stet::annotate
