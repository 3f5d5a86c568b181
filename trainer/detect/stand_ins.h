// Judgments that come with the program (resources/prompts/other_judgments.json): where a file has too few, false alarms
// are counted with these. Any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace stet::detect {

// Adds of them to `judgments` until there are `count`: none twice, and none that is `own`. Failure(BadInput) names the
// file: it is missing, or no list of texts.
void fillWithStandIns(std::vector<std::string>& judgments, const std::optional<std::string>& own, std::size_t count);

}  // namespace stet::detect
