#include "trainer/cli/command_line.h"
#include "trainer/serve/server.h"

namespace stet::cli {

void addServe(CLI::App& program, Action& action)
{
    CLI::App* command = program.add_subcommand("serve", "JSON-RPC on standard input and output, for the window");
    command->callback([&action] { action = [] { serve::runServer(); }; });
}

}  // namespace stet::cli
