// What the check of an import found, as the pages are told of it.
#pragma once

#include "ui/project/finding_group.h"

#include <vector>

namespace stet::test {

inline std::vector<ui::FindingGroup> sampleFindings()
{
    const auto text = [](const char* words) { return QString::fromUtf8(words); };
    const std::pair leaveOut(text("leave-out"), text("Leave them out"));
    const std::pair accept(text("accept"), text("Take the responses as accepted"));
    const std::pair toDo(text("to-do"), text("Judge them anew"));
    return {{text("placeholder"),
             text("47 judgments are placeholders, such as $ERROR$"),
             {leaveOut, toDo},
             {{text("row 12"), text("$ERROR$"), text("The judgment is the placeholder $ERROR$."), text("11")},
              {text("row 31"), text("$ERROR$"), text("The judgment is the placeholder $ERROR$."), text("30")}},
             47},
            {text("praise"),
             text("12 judgments praise, but count as criticism"),
             {accept, toDo, leaveOut},
             {{text("row 40"), text("The <b>response</b> is perfect."), text("The judgment praises."), {}}},
             12},
            {text("known"),
             text("1000 responses are here already"),
             {leaveOut},
             {{text("row 1"), text("A river is the Elbe."), text("The project has this response already."), {}}},
             1000},
            {text("field"),
             text("1 field means nothing here and is kept as it came"),
             {},
             {{text("row 1"), text("socre"), text("The field 'socre' means nothing here."), {}}},
             1}};
}

}  // namespace stet::test
