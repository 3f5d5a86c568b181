// The model of a sub-command. Main thread.
#pragma once

#include "trainer/cli/command_line.h"
#include "trainer/serve/loaded_model.h"

#include <string>
#include <vector>

namespace stet::cli {

// For sub-commands: Ctrl+C is heard between two tensors (throws model::Cancelled), and standard error says which device
// computes and why.
// adapters: beside options.adapter, which the command will use; their configurations are checked first.
serve::LoadedModel loadForCommand(const CommonOptions& options, const std::string& promptStyle,
                                  const std::vector<std::string>& adapters = {});

}  // namespace stet::cli
