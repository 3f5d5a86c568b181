// One way to say that something could not be done: what happened, to what, and what to do now.
//
// Thrown inside a process, caught in one place per process (the worker's command and request loops,
// the store thread, `stet`'s command loop) and turned into an exit code or an error reply there.
// Across processes and in the GUI failures are values (`FailureReport`).
#pragma once

#include <stdexcept>
#include <string>

namespace stet {

// The numbers are the exit codes of docs/headless.md.
enum class FailureKind {
    Internal = 1,      // a fault of ours
    Usage = 2,         // wrong arguments
    BadInput = 3,      // a file or a field of the user's
    ModelRefused = 4,  // a model we don't support; the message names what
    OutOfMemory = 5,   // or refused beforehand because the estimate exceeds what is free
    Interrupted = 6,   // stopped, can be resumed
};

// A message may carry a name out of a hostile file: of a longer one the beginning and the end are kept.
constexpr std::size_t kLongestFailureMessage = 2000;

class Failure : public std::runtime_error {
public:
    Failure(FailureKind kind, const std::string& message);

    FailureKind kind() const { return m_kind; }
    int exitCode() const { return static_cast<int>(m_kind); }

private:
    FailureKind m_kind;
};

// A failure as a value, for queues, signals and replies.
struct FailureReport {
    FailureKind kind = FailureKind::Internal;
    std::string message;
};

inline Failure badInput(const std::string& message)
{
    return Failure(FailureKind::BadInput, message);
}

}  // namespace stet
