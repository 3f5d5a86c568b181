// stet-trainer: the worker. Sub-commands on plain files, and `serve` for the window (docs/headless.md,
// docs/protocol.md).
#include "base/command_line_fault.h"
#include "base/failure.h"
#include "base/log.h"
#include "base/version.h"
#include "trainer/model/device.h"
#include "trainer/cli/command_line.h"

#include <cstdlib>
#include <iostream>

#include <unistd.h>

using namespace stet;

namespace {

// OpenMP's threads spin while they wait, which costs half of a small model's time on few cores. libgomp reads this when
// it is loaded, so the program starts itself once more with it.
void waitPassively(char** argv)
{
    if (std::getenv("OMP_WAIT_POLICY") == nullptr) {
        setenv("OMP_WAIT_POLICY", "passive", 1);
        execv("/proc/self/exe", argv);  // comes back only when it failed: then threads spin
    }
}

}  // namespace

int main(int argc, char** argv)
{
    waitPassively(argv);
    // Before the first tensor call of any kind, or CUDA never registers.
    model::loadAccelerator();
    log::start("trainer", log::Level::Info);
    serve::hearSignals();

    CLI::App program("Stet's worker: scores responses under judgments and trains adapters on them", "stet-trainer");
    program.set_version_flag("--version", "stet-trainer " + versionText());
    program.require_subcommand(1);
    program.failure_message(commandLineFault);
    cli::Action action;
    for (const cli::AddCommand add :
         {cli::addDescribe, cli::addTokenize, cli::addLogits, cli::addScore, cli::addGenerate, cli::addRound,
          cli::addCompare, cli::addEvaluate, cli::addMerge, cli::addExport, cli::addPrecision, cli::addVerify,
          cli::addPretrain, cli::addBench, cli::addServe}) {
        add(program, action);
    }
    const auto named = [&](const CLI::App* command) { return argc > 1 && command->get_name() == argv[1]; };
    if (argc > 1 && argv[1][0] != '-' && program.get_subcommands(named).empty()) {
        std::cerr << "There is no sub-command '" << argv[1] << "'; stet-trainer --help lists them\n";
        return static_cast<int>(FailureKind::Usage);
    }
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int code = program.exit(error);
        return code == 0 ? 0 : static_cast<int>(FailureKind::Usage);
    }
    return cli::guarded(action);
}
