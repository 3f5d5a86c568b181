// A line of a multiple-choice file → the context and the choices whose likelihoods are compared, as the tasks of the
// Language Model Evaluation Harness (lm-eval 0.4.13) make them, zero-shot. Pure, no Torch; any thread.
#pragma once

#include "base/json.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stet::evaluate {

// Plain is ours; the others take the fields of the data sets as published.
enum class ChoiceForm { Plain, Arc, TruthfulQaMc1, TruthfulQaMc2, HellaSwag, Mmlu };

std::string_view formName(ChoiceForm form);  // "plain", "arc", "truthfulqa-mc1" …
std::optional<ChoiceForm> formFromName(std::string_view name);
std::string formNames();  // all of them, for messages

struct ChoiceItem {
    Json id;
    std::string where;                 // "task.jsonl, line 12"
    std::string context;               // may be empty
    std::vector<std::string> choices;  // at least one; a space goes between context and choice
    std::vector<std::size_t> right;    // indices into choices, at least one, ascending
};

// Failure(BadInput) names `where`, the field, and what it should be. lineNumber is the id where a published form has
// none.
ChoiceItem parseChoiceItem(const Json& line, ChoiceForm form, const std::string& where, int lineNumber);

// The fields that a line of the form may have without a warning.
const std::vector<std::string_view>& knownFields(ChoiceForm form);

}  // namespace stet::evaluate
