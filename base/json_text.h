// JSON as it is written: the members of an object and the elements of a list as pieces of the text, so that a number
// comes out with the digits it came in with, however many they are. For what is kept and given back, not understood.
// Any thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stet {

// Names and the texts of their values.
using JsonMembers = std::vector<std::pair<std::string, std::string_view>>;

// The members of an object, in order: the name and the text of the value, a piece of `object`. The text has been
// through parseJson: what is no JSON object gives an unspecified list. Of names that stand twice all are listed.
JsonMembers jsonMembers(std::string_view object);

// Adds `"name":text` to the members of an object that is being written, with a comma where one is needed.
void addJsonMember(std::string& members, std::string_view name, std::string_view text);

// Without the white space between its parts.
std::string minifiedJson(std::string_view text);

// Where the value ends that begins at `at` (a list, an object, a text, a number, a word): the index behind it, or npos
// when `text` ends before the value does. A number or a word ends where the text ends.
std::size_t endOfJsonValue(std::string_view text, std::size_t at);

}  // namespace stet
