// The one place where what was thrown becomes a typed failure: exit codes of commands and error replies of the server
// are made of it.
#pragma once

#include "base/failure.h"

namespace stet::serve {

// Call inside a catch block. Cancelled becomes Interrupted; out of memory of CPU and GPU become one kind.
FailureReport currentFailure();

}  // namespace stet::serve
