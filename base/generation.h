// What generates an answer is told in both processes: the window and `stet` ask, the worker answers.
#pragma once

namespace stet {

// An answer's most tokens, where neither the user nor the project says another number (docs/headless.md, generate).
inline constexpr int kDefaultNewTokens = 256;

}  // namespace stet
