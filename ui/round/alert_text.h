// What an alert says on the screen: a few words for a round's card, and what happened with the numbers and the next
// step. Pure; words through tr(). The terminal's are workflow/round_alerts.h's.
#pragma once

#include "annotate/judgment/round_alert.h"

#include <QString>

namespace stet::ui {

QString alertTitle(const annotate::RoundAlert& alert);  // "Criticised words likelier: 0.07 → 0.13"
QString alertText(const annotate::RoundAlert& alert);

}  // namespace stet::ui
