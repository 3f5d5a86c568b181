// What the check of an import found, kind by kind, in the window's language. GUI thread.
#pragma once

#include "annotate/exchange/finding.h"
#include "ui/project/finding_group.h"

#include <vector>

namespace stet::app {

// imported: the rows are among the responses and can be shown.
std::vector<ui::FindingGroup> findingGroups(const std::vector<annotate::Finding>& findings, bool imported);

// Is there a kind about which something can be done?
bool offersRemedies(const std::vector<annotate::Finding>& findings);

annotate::Remedies remediesFrom(const ui::RemedyChoice& choice);

}  // namespace stet::app
