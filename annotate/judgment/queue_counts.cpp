#include "annotate/judgment/types.h"

namespace stet::annotate {

int QueueCounts::of(QueueFilter filter) const
{
    switch (filter) {
    case QueueFilter::All:
        return total;
    case QueueFilter::Open:
        return open;
    case QueueFilter::Draft:
        return draft;
    case QueueFilter::Drafted:
        return drafted;
    case QueueFilter::Accepted:
        return accepted;
    case QueueFilter::Criticised:
        return criticised;
    case QueueFilter::Skipped:
        return skipped;
    case QueueFilter::Bookmarked:
        return bookmarked;
    case QueueFilter::Trash:
        return trash;
    }
    return 0;
}

}  // namespace stet::annotate
