// The Porter stemmer as NLTK's PorterStemmer has it in its default mode (NLTK_EXTENSIONS), which is what the package
// rouge-score stems with: M. F. Porter, "An algorithm for suffix stripping", 1980, with NLTK's changes. Pure.
#pragma once

#include <string>
#include <string_view>

namespace stet::evaluate {

// `word` in small ASCII letters and digits. Linear in its length.
std::string porterStem(std::string_view word);

}  // namespace stet::evaluate
