// The lines of `--in` files under the names of the worker's rooms: contract/example.h reads and writes them.
#pragma once

#include "contract/example.h"

namespace stet::files {

using contract::Example;
using contract::ExampleFile;
using contract::fullInstruction;
using contract::Mark;
using contract::MarkKind;
using contract::parseExample;
using contract::readExamples;
using contract::readMessages;

}  // namespace stet::files
