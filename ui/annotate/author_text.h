// Whom a text is from, as the pages say it. GUI thread.
#pragma once

#include "annotate/judgment/author.h"

#include <QString>

namespace stet::ui {

// Empty: from the person who uses the project.
QString authorText(const annotate::Author& author);

// The model of an author that has one: its folder's name or hub id, and the round.
QString modelText(const annotate::Author& author);

}  // namespace stet::ui
