// `stet` without a window: new, import, export, check, recover, round, and what the terminal loop needs (example, list,
// judge, adopt, compare). Main thread; needs no display.
#pragma once

#include "base/failure.h"

#include <optional>

#include <string>

namespace stet::app {

// True when the first argument names a sub-command (or --version, --help): then runCommand is to be called instead of
// the window.
bool isCommand(int argc, char** argv);

// Why no window can be opened with these words, with its exit code: the one word is neither a project nor a
// sub-command, or there is no display. Nothing when one can be.
std::optional<FailureReport> whyNoWindow(int argc, char** argv);

// Exit codes as in docs/headless.md.
int runCommand(int argc, char** argv);

// Where the bundled example and the one with a real model lie: in the program's source tree or installed.
std::string exampleFolder();
std::string realExampleFolder();

}  // namespace stet::app
