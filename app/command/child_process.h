// A program run as a child of a command, and waited for; the window uses QProcess instead. Main thread, one at a time.
//
// The child shares standard error. Ctrl+C reaches both, SIGTERM and SIGHUP are handed on, and it ends when this process
// is killed: nothing goes on alone.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace stet::app {

// How the child ended: its exit code, or the signal that killed it.
struct ChildEnd {
    int code = 0;
    int signal = 0;
};

// `command` is a program and its arguments. nullopt: it can't be started. Standard output is shared, or goes nowhere.
std::optional<ChildEnd> runChild(std::vector<std::string> command, bool quietOutput);

// The same of a child whose standard output is heard here: onLine gets each whole line as it comes. When it throws, the
// child is ended and the failure goes on.
std::optional<ChildEnd> runChild(std::vector<std::string> command,
                                 const std::function<void(const std::string&)>& onLine);

}  // namespace stet::app
