// Whom a text is from, as the pages say it. GUI thread.
#pragma once

#include "annotate/judgment/author.h"

#include <QString>

namespace stet::ui {

// Empty: from the person who uses the project.
QString authorText(const annotate::Author& author);

}  // namespace stet::ui
