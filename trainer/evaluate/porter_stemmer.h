// The Porter stemmer as in NLTK's PorterStemmer in its default mode (NLTK_EXTENSIONS), which the package rouge-score
// uses: M. F. Porter, "An algorithm for suffix stripping", 1980, with NLTK's changes. Pure.
#pragma once

#include <string>
#include <string_view>

namespace stet::evaluate {

// `word` in lower-case ASCII letters and digits. Linear in its length.
std::string porterStem(std::string_view word);

}  // namespace stet::evaluate
