// Waits for the end of a limit of time, sooner.
#pragma once

#include "trainer/text/rust/stet_text.h"

namespace stet::test {

// While it lives, tokenizers and templates may take a part of the time they are allowed.
class Hurried {
public:
    explicit Hurried(unsigned thousandths) { stet_text_set_patience(thousandths); }
    ~Hurried() { stet_text_set_patience(1000); }
    Hurried(const Hurried&) = delete;
    Hurried& operator=(const Hurried&) = delete;
};

}  // namespace stet::test
