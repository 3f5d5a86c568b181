// What the worker says of itself. Any thread.
#pragma once

#include "contract/model.h"

#include <cstdint>

namespace stet::serve {

// served: requests answered. A sign of life never asks a GPU anything: its driver may be what hangs.
contract::Hello hello(std::int64_t served);
// Asked once, by whom greets: the devices, too.
contract::Hello greeting(std::int64_t served);

}  // namespace stet::serve
