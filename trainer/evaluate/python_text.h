// What Python's str does to a text, for prompts that must be the Language Model Evaluation Harness's to the last
// character. Texts are valid UTF-8. Pure.
#pragma once

#include <string>
#include <string_view>

namespace stet::evaluate {

// Bytes of the white space (str.isspace) at the text's end.
std::size_t trailingSpace(std::string_view text);

std::string stripped(std::string_view text);  // str.strip()

// str.capitalize(): the first character in upper case, all others in lower case. Character by character: İ and a
// final Σ remain single letters, and a first character whose title case differs from its upper case (ß, ǆ, Georgian)
// may differ.
std::string capitalized(std::string_view text);

std::string replacedAll(std::string_view text, std::string_view what, std::string_view with);  // str.replace()

}  // namespace stet::evaluate
