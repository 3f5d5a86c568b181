// Which tokens of a response make one word: a judgment is about words, and a tokenizer cuts them where it likes. Pure;
// any thread.
#pragma once

#include "base/flag_rule.h"
#include "trainer/text/tokenizer.h"

#include <string_view>
#include <vector>

namespace stet::detect {

// One number per token, the same for the pieces of one word and counted from 0. Letters and digits that touch are one
// word; in scripts that are written without spaces (Chinese, Japanese, Thai …) every token is one of its own, unless it
// shares a character with the one before. ranges: code points of `text`; one that is empty, or beyond the text, is no
// word: kNoWord.
std::vector<int> wordsOf(std::string_view text, const std::vector<text::TokenRange>& ranges);

}  // namespace stet::detect
