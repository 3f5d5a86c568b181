// The data formats that a project offers, as the pages are told of them.
#pragma once

#include "ui/project/data_format.h"

#include <vector>

namespace stet::test {

inline std::vector<ui::DataFormat> sampleFormats()
{
    return {{QStringLiteral("cut"), QStringLiteral("CUT JSON"), QStringLiteral("json")},
            {QStringLiteral("jsonl"), QStringLiteral("JSON Lines"), QStringLiteral("jsonl")}};
}

}  // namespace stet::test
