// How long a test waits for what must come. No measurement: it costs nothing where the thing comes, and a machine that
// is busy or slow (a third of a core) may take long. A test that hangs is ended by ctest.
#pragma once

namespace stet::test {

constexpr int kPatienceMs = 600'000;

}  // namespace stet::test
