// Is there room on a disk before much is written to it. Any thread.
#pragma once

#include <cstdint>
#include <string>

namespace stet {

// Failure(BadInput) where the folder that `out` would lie in has less free than `bytes`: names `what` needs it, "the
// merged model". A disk that doesn't say is tried.
void requireFreeSpace(const std::string& out, std::uint64_t bytes, const std::string& what);

}  // namespace stet
