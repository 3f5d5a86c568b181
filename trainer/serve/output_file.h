// Whether results can be written to a place, asked before the work that makes them. Any thread.
#pragma once

#include <string>

namespace stet::serve {

// Failure(BadInput) when no file can be made at `path` ("-" always can), or it is the file `input` that is read.
void refuseUnwritable(const std::string& path, const std::string& input = {});

// Failure(BadInput) when the folder that `path` shall stand in is not there or can't be written to.
void refuseWithoutParent(const std::string& path);

}  // namespace stet::serve
