// Text as the rules of judgment_reading and quoted_words look at it: in small letters, word by word. UTF-8; pure.
#pragma once

#include <string>
#include <string_view>

namespace stet::annotate {

// Bytes of letters and digits; of other scripts than Latin's every byte counts as one.
bool isLetter(char c);

// Small letters of Latin, Greek and Cyrillic; every character keeps its place.
std::string folded(std::string text);

// Without white space around it.
std::string trimmed(const std::string& text);

bool endsWord(const std::string& text, std::size_t at);
bool beginsWith(const std::string& text, std::size_t at, std::string_view opening);
bool holdsWord(const std::string& text, std::string_view word);

}  // namespace stet::annotate
