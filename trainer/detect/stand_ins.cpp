#include "trainer/detect/stand_ins.h"

#include "base/failure.h"
#include "base/json.h"
#include "base/resources.h"

#include <algorithm>

namespace stet::detect {

namespace {

std::vector<std::string> readTexts()
{
    const std::string path = resourcePath("prompts/other_judgments.json");
    const Json list = readJsonFile(path, 1U << 20U);
    const bool texts = list.is_array() && !list.empty() &&
        std::all_of(list.begin(), list.end(), [](const Json& one) { return one.is_string(); });
    if (!texts) {
        throw badInput(path + ": a list of judgments is expected; install Stet again");
    }
    return list.get<std::vector<std::string>>();
}

}  // namespace

void fillWithStandIns(std::vector<std::string>& judgments, const std::optional<std::string>& own, std::size_t count)
{
    static const std::vector<std::string> kTexts = readTexts();
    for (const auto& text : kTexts) {
        const bool there = text == own || std::find(judgments.begin(), judgments.end(), text) != judgments.end();
        if (judgments.size() < count && !there) {
            judgments.push_back(text);
        }
    }
}

}  // namespace stet::detect
