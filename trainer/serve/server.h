// `stet-trainer serve`: JSON-RPC on standard input and output for the window.
//
// Two threads. The reader parses lines, answers hello at once and hears cancels and stops; the compute thread owns
// model and device and takes requests from a queue. While a round trains, requests to score are served between two
// micro-batches; what they compute can't touch the round's bytes. End of input = checkpoint a running round and leave.
#pragma once

namespace stet::serve {

// Returns the exit code. Points descriptor 1 at standard error first: only the protocol writes to the real one.
int runServer();

}  // namespace stet::serve
