#include "trainer/model/merge.h"

#include "base/failure.h"
#include "trainer/cli/command_line.h"

#include <iostream>

namespace stet::cli {

namespace {

struct MergeArguments {
    CommonOptions common;
    double shardMegabytes = 5120;
    std::string dtype = "auto";
};

void run(MergeArguments arguments)
{
    auto& common = arguments.common;
    while (common.out.size() > 1 && common.out.back() == '/') {
        common.out.pop_back();  // "merged/" is a folder "merged" to make, not one in it
    }
    if (common.out == "-" || common.out.empty()) {
        throw Failure(FailureKind::Usage, "merge writes a folder: --out DIR");
    }
    refuseWithoutParent(common.out);
    Progress progress("merging", common, Progress::Unit::Share);
    model::MergeOptions options;
    options.shardBytes = static_cast<std::uint64_t>(arguments.shardMegabytes * 1048576);
    options.wide = arguments.dtype == "float32";
    options.cancelled = interrupted;
    options.progress = [&](double done) { progress.update(static_cast<std::int64_t>(done * 1000), 1000); };
    const auto base = files::openModelFolder(common.model);
    sayWarnings(base.warnings);
    model::mergeAdapter(base, common.adapter, common.out, options);
    std::cerr << "merged: " << common.out << '\n';
}

}  // namespace

void addMerge(CLI::App& program, Action& action)
{
    auto arguments = std::make_shared<MergeArguments>();
    CLI::App* command = program.add_subcommand("merge", "A full checkpoint with an adapter folded into its weights");
    command->add_option("--model", arguments->common.model, "Hugging Face folder or GGUF file")->required();
    command->add_option("--adapter", arguments->common.adapter, "PEFT folder")->required();
    command->add_option("--out", arguments->common.out, "folder to make")->required();
    command->add_option("--shard-size", arguments->shardMegabytes, "MiB per weight file")
        ->capture_default_str()
        ->check(from(0.001, 1e6));
    command->add_option("--dtype", arguments->dtype, "of the weights: auto is that of the model's files")
        ->capture_default_str()
        ->check(CLI::IsMember({"auto", "float32"}));
    addProgressOption(*command, arguments->common);
    command->callback([arguments, &action] { action = [arguments] { run(*arguments); }; });
}

}  // namespace stet::cli
