// Ctrl+C, SIGTERM and SIGHUP, of which all long work asks. Any thread.
#pragma once

namespace stet::serve {

// True once Ctrl+C, SIGTERM or SIGHUP came. A second Ctrl+C ends the process at once.
bool interrupted();
// Main thread, before any other starts.
void hearSignals();

}  // namespace stet::serve
