// A data format as the window offers it; whoever owns the formats tells the page which there are.
#pragma once

#include <QString>

namespace stet::ui {

struct DataFormat {
    QString name;         // comes back in importRequested and exportRequested
    QString title;        // English: formatTitle() says it in the window's language
    QString extension;    // without a point
    bool written = true;  // false: it is only read
};

QString formatTitle(const DataFormat& format);

}  // namespace stet::ui
