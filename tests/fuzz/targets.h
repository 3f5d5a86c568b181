// The readers of untrusted bytes, one by one, each as a function of a byte string. The same functions are run by
// libFuzzer (preset `fuzz`), by the mutating driver that needs no clang, and by the test that replays
// tests/fuzz/corpus. No Torch, no Qt.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace stet::fuzz {

struct Target {
    std::string_view name;  // also the folder of its corpus
    // A stet::Failure with a decent message is an answer; whatever else leaves is a finding: another exception, or a
    // std::logic_error for a property that does not hold of an accepted input.
    void (*run)(std::string_view bytes);
    // Makes the outer form of a mutant right again (a length that counts bytes), so that mutation gets behind it;
    // null when there is none.
    std::string (*repair)(std::string_view bytes) = nullptr;
};

std::span<const Target> targets();
const Target* targetOf(std::string_view name);  // null when there is none

}  // namespace stet::fuzz
