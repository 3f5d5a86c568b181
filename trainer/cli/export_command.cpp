#include "base/failure.h"
#include "base/files.h"
#include "trainer/cli/command_line.h"
#include "trainer/model/adapter_copy.h"
#include "trainer/model/gguf_export.h"
#include "trainer/text/ollama_modelfile.h"

#include <filesystem>
#include <iostream>

namespace stet::cli {

namespace {

using files::gguf::NumberType;

struct ExportArguments {
    CommonOptions common;
    std::string gguf;
    bool adapterAlone = false;
    bool peft = false;
    bool modelfile = false;
    std::string promptStyle = "auto";
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
    const int asked = (arguments.gguf.empty() ? 0 : 1) + (arguments.adapterAlone ? 1 : 0) + (arguments.peft ? 1 : 0);
    if (asked != 1) {
        throw Failure(
            FailureKind::Usage,
            "export writes a model (--gguf F16) or an adapter alone (--gguf-adapter, --peft): give one of them");
    }
    if (arguments.gguf.empty() && arguments.common.adapter.empty()) {
        throw Failure(FailureKind::Usage,
                      std::string(arguments.peft ? "--peft" : "--gguf-adapter") +
                          " writes the adapter of --adapter DIR: give it, too");
    }
    if (arguments.modelfile && arguments.gguf.empty()) {
        throw Failure(FailureKind::Usage, "--modelfile is of a model: give --gguf, too");
    }
    if (arguments.common.out == "-" || arguments.common.out.empty()) {
        throw Failure(FailureKind::Usage,
                      arguments.peft ? "export --peft writes a folder: --out DIR"
                                     : "export writes a file: --out FILE.gguf");
    }
}

std::string modelfilePath(const CommonOptions& common)
{
    return common.out + ".Modelfile";
}

// Before the long work: what is wrong with it is said at once.
std::string modelfileText(const files::ModelFolder& base, const ExportArguments& arguments)
{
    const CommonOptions& common = arguments.common;
    if (std::filesystem::exists(modelfilePath(common))) {
        throw badInput(modelfilePath(common) + " exists already; choose another name, or remove it");
    }
    return text::ollamaModelfile(base, arguments.promptStyle, std::filesystem::path(common.out).filename().string());
}

void run(ExportArguments& arguments)
{
    auto& common = arguments.common;
    refuseUnclear(arguments);
    while (arguments.peft && common.out.size() > 1 && common.out.back() == '/') {
        common.out.pop_back();  // "adapter/" is a folder "adapter" to make, not one in it
    }
    refuseWithoutParent(common.out);
    Progress progress("exporting", common, Progress::Unit::Share);
    model::GgufExportOptions options;
    options.type = typeNamed(arguments.gguf);
    options.cancelled = interrupted;
    options.note = [](const std::string& note) { std::cerr << "note: " << note << '\n'; };
    options.progress = [&](double done) { progress.update(static_cast<std::int64_t>(done * 1000), 1000); };
    const auto base = files::openModelFolder(common.model);
    sayWarnings(base.warnings);
    const std::string modelfile = arguments.modelfile ? modelfileText(base, arguments) : std::string();
    if (arguments.peft) {
        model::copyAdapter(base, common.adapter, common.out, interrupted);
    } else {
        const auto write = arguments.adapterAlone ? model::exportGgufAdapter : model::exportGguf;
        write(base, common.adapter, common.out, options);
    }
    if (arguments.modelfile) {
        publishFile(modelfilePath(common), modelfile);
    }
    std::cerr << "exported: " << common.out << '\n';
}

}  // namespace

void addExport(CLI::App& program, Action& action)
{
    auto arguments = std::make_shared<ExportArguments>();
    CLI::App* command = program.add_subcommand("export", "A model with an adapter as a GGUF file, or an adapter alone");
    command->add_option("--model", arguments->common.model, "Hugging Face folder or GGUF file")->required();
    command->add_option("--adapter", arguments->common.adapter, "PEFT folder to fold in, or to write alone");
    command->add_option("--gguf", arguments->gguf, "a model of these numbers")
        ->check(CLI::IsMember({"F32", "F16", "BF16", "Q8_0"}));
    command->add_flag("--gguf-adapter", arguments->adapterAlone, "the adapter alone, for llama.cpp's --lora");
    command->add_flag("--peft", arguments->peft, "the adapter alone as a PEFT folder, with a model card");
    command->add_flag("--modelfile", arguments->modelfile, "also OUT.Modelfile, for ollama create");
    addPromptStyle(*command, arguments->promptStyle);
    command->add_option("--out", arguments->common.out, "file or folder to make")->required();
    addProgressOption(*command, arguments->common);
    command->callback([arguments, &action] { action = [arguments] { run(*arguments); }; });
}

}  // namespace stet::cli
