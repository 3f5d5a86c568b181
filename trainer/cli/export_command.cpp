#include "trainer/model/gguf_export.h"

#include "base/failure.h"
#include "trainer/cli/command_line.h"

#include <iostream>

namespace stet::cli {

namespace {

using files::gguf::NumberType;

struct ExportArguments {
    CommonOptions common;
    std::string gguf;
    bool adapterAlone = false;
};

NumberType typeNamed(const std::string& name)
{
    return name == "F32" ? NumberType::F32
        : name == "F16"  ? NumberType::F16
        : name == "BF16" ? NumberType::BF16
                         : NumberType::Q8_0;
}

void refuseUnclear(const ExportArguments& arguments)
{
    if (arguments.gguf.empty() != arguments.adapterAlone) {
        throw Failure(FailureKind::Usage,
                      "export writes a model (--gguf F16) or an adapter alone (--gguf-adapter): give one of the two");
    }
    if (arguments.adapterAlone && arguments.common.adapter.empty()) {
        throw Failure(FailureKind::Usage, "--gguf-adapter writes the adapter of --adapter DIR: give it, too");
    }
    if (arguments.common.out == "-" || arguments.common.out.empty()) {
        throw Failure(FailureKind::Usage, "export writes a file: --out FILE.gguf");
    }
}

void run(const ExportArguments& arguments)
{
    const auto& common = arguments.common;
    refuseUnclear(arguments);
    refuseWithoutParent(common.out);
    Progress progress("exporting", common, Progress::Unit::Share);
    model::GgufExportOptions options;
    options.type = typeNamed(arguments.gguf);
    options.cancelled = interrupted;
    options.progress = [&](double done) { progress.update(static_cast<std::int64_t>(done * 1000), 1000); };
    const auto base = files::openModelFolder(common.model);
    sayWarnings(base.warnings);
    const auto write = arguments.adapterAlone ? model::exportGgufAdapter : model::exportGguf;
    write(base, common.adapter, common.out, options);
    std::cerr << "exported: " << common.out << '\n';
}

}  // namespace

void addExport(CLI::App& program, Action& action)
{
    auto arguments = std::make_shared<ExportArguments>();
    CLI::App* command =
        program.add_subcommand("export", "A model with an adapter, or an adapter alone, as a GGUF file");
    command->add_option("--model", arguments->common.model, "Hugging Face folder or GGUF file")->required();
    command->add_option("--adapter", arguments->common.adapter, "PEFT folder to fold in, or to write alone");
    command->add_option("--gguf", arguments->gguf, "a model of these numbers")
        ->check(CLI::IsMember({"F32", "F16", "BF16", "Q8_0"}));
    command->add_flag("--gguf-adapter", arguments->adapterAlone, "the adapter alone, for llama.cpp's --lora");
    command->add_option("--out", arguments->common.out, "file to make")->required();
    addProgressOption(*command, arguments->common);
    command->callback([arguments, &action] { action = [arguments] { run(*arguments); }; });
}

}  // namespace stet::cli
