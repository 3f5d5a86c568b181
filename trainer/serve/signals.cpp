#include "trainer/serve/signals.h"

#include "base/failure.h"

#include <atomic>
#include <csignal>

#include <unistd.h>

namespace stet::serve {

namespace {

std::atomic<int> g_signals{0};
std::atomic<int> g_interrupts{0};

void onSignal(int signal)
{
    ++g_signals;
    // A second Ctrl+C means now. Of different signals the second does not: a terminal that is closed hangs up on window
    // and worker, and the window's end then terminates the worker.
    if (signal == SIGINT && ++g_interrupts > 1) {
        _exit(static_cast<int>(FailureKind::Interrupted));
    }
}

}  // namespace

bool interrupted()
{
    return g_signals > 0;
}

void hearSignals()
{
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        std::signal(signal, onSignal);
    }
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
}

}  // namespace stet::serve
