#include "trainer/cli/command_line.h"

#include "base/failure.h"
#include "base/files.h"
#include "base/presets.h"
#include "trainer/serve/failure_report.h"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <limits>

#include <unistd.h>

namespace stet::cli {

namespace {

std::string clock(double seconds)
{
    const auto whole = static_cast<long>(seconds + 0.5);
    char text[32];
    std::snprintf(text, sizeof text, "%ld:%02ld", whole / 60, whole % 60);
    return text;
}

}  // namespace

CLI::Validator from(double low, double high)
{
    const auto check = [low, high](std::string& text) {
        double value = 0;
        const bool within =
            CLI::detail::lexical_cast(text, value) && value >= low && value <= high;  // not of no number
        return within ? std::string() : text + " is not a number from " + Json(low).dump() + " to " + Json(high).dump();
    };
    return CLI::Validator(check, "FLOAT in [" + Json(low).dump() + ", " + Json(high).dump() + "]");
}

CLI::Validator wholeNumber()
{
    const auto check = [](std::string& text) {
        const bool whole =
            !text.empty() && text.size() < 20 && text.find_first_not_of("0123456789") == std::string::npos;
        return whole ? std::string() : text + " is not a whole number from 0 on";
    };
    return CLI::Validator(check, ">= 0");
}

CLI::Validator positive()
{
    return CLI::Range(1, std::numeric_limits<int>::max()).description(">= 1");
}

void addPromptStyle(CLI::App& command, std::string& style)
{
    command.add_option("--prompt-style", style, "auto, alpaca, chat, or a JSON file")->capture_default_str();
}

detect::DetectionSettings DetectionArguments::settings() const
{
    Json params = {{"preset", preset}, {"marks_use", marks}};
    const auto given = [&](const char* field, const auto& value) {
        if (value) {
            params[field] = *value;
        }
    };
    given("contrast", contrast);
    given("lambda", lambda);
    given("truncate", truncate);
    given("max_length", maxLength);
    given("push", push);
    return detect::readDetection(params, "options");
}

void addDetection(CLI::App& command, DetectionArguments& arguments)
{
    command.add_option("--preset", arguments.preset, "whose contrast, lambda and truncation: as of a round")
        ->capture_default_str()
        ->check(CLI::IsMember(std::vector<std::string>(kPresets.begin(), kPresets.end())));
    command.add_option("--contrast", arguments.contrast, "D1 to D6 (the preset's: D1, cut-paper's D2)")
        ->check(CLI::IsMember({"D1", "D2", "D3", "D4", "D5", "D6"}));
    command.add_option("--lambda", arguments.lambda, "flagged: log-ratio > ln lambda (D4: < -ln lambda) (1.1)")
        ->check(from(1.0, 1e6));
    command
        .add_option("--truncate", arguments.truncate,
                    "what is too long loses its response's end (tail; the preset's: tail, cut-* left)")
        ->check(CLI::IsMember({"left", "tail"}));
    command.add_option("--max-length", arguments.maxLength, "tokens of prompt and response (2048)")->check(positive());
    command.add_option("--marks", arguments.marks, "the annotator's marks beside the flags: union, only, ignore")
        ->capture_default_str()
        ->check(CLI::IsMember({"union", "only", "ignore"}));
    command
        .add_option("--push", arguments.push,
                    "of each run of what is penalised a round pushes down: all, beginnings (the preset's: all, ftpo's "
                    "beginnings)")
        ->check(CLI::IsMember({"all", "beginnings"}));
}

void checkOutput()
{
    if (!std::cout) {
        throw badInput("Standard output could not be written: its reader is gone or the disk is full");
    }
}

void addModelOptions(CLI::App& command, CommonOptions& options)
{
    command.add_option("--model", options.model, "model: a Hugging Face folder or a GGUF file")->required();
    addComputeOptions(command, options);
    command.add_option("--seed", options.seed, "of sampling and of draws")->capture_default_str()->check(wholeNumber());
}

void addComputeOptions(CLI::App& command, CommonOptions& options)
{
    command.add_option("--device", options.compute.device, "auto, cpu or cuda[:N]")->capture_default_str();
    command.add_option("--dtype", options.compute.dtype, "auto, float32 or bfloat16")->capture_default_str();
    addThreadsOption(command, options);
}

void addThreadsOption(CLI::App& command, CommonOptions& options)
{
    command.add_option("--threads", options.compute.threads, "0 = physical cores")
        ->capture_default_str()
        ->check(CLI::Range(0, 4096));
}

void addAdapterOption(CLI::App& command, CommonOptions& options)
{
    command.add_option("--adapter", options.adapter, "PEFT LoRA folder");
}

void addInOut(CLI::App& command, CommonOptions& options, bool in)
{
    if (in) {
        command.add_option("--in", options.in, "JSON Lines file")->required();
    }
    command.add_option("--out", options.out, "file, - = standard output")->capture_default_str();
}

void addProgressOption(CLI::App& command, CommonOptions& options)
{
    command.add_option("--progress", options.progress, "json: one JSON object a line on standard error")
        ->check(CLI::IsMember({"json"}));
}

void sayWarnings(const std::vector<std::string>& warnings)
{
    for (const auto& warning : warnings) {
        std::cerr << warning << '\n';
    }
}

files::ExampleFile readSome(const std::string& path, bool requireOutput)
{
    auto file = files::readExamples(path, requireOutput);
    if (file.examples.empty()) {
        throw badInput(path + " holds no line; give it at least one, like {\"id\": 1, \"instruction\": \"…\"" +
                       (requireOutput ? ", \"output\": \"…\", \"judgment\": \"…\"}" : "}"));
    }
    sayWarnings(file.warnings);
    return file;
}

void sayDevice(const model::Compute& compute)
{
    std::cerr << "device: " << compute.device.str() << " (" << compute.reason << ")\n";
}

Results::Results(std::string path, const std::string& input) : m_path(std::move(path))
{
    refuseUnwritable(m_path, input);
}

void Results::line(const Json& value)
{
    if (m_path == "-") {
        std::cout << toLine(value) << '\n' << std::flush;
        checkOutput();
    } else {
        m_collected += toLine(value) + "\n";
    }
}

void Results::finish()
{
    if (m_path != "-") {
        publishFile(m_path, m_collected);
    } else {
        checkOutput();
    }
}

Progress::Progress(std::string what, const CommonOptions& options, Unit unit)
    : m_what(std::move(what))
    , m_unit(unit)
    , m_json(options.progress == "json")
    , m_terminal(isatty(STDERR_FILENO) == 1)
    , m_start(std::chrono::steady_clock::now())
{
}

Progress::~Progress()
{
    if (m_barShown) {
        std::cerr << '\n';
    }
}

void Progress::beginAt(std::int64_t before)
{
    m_start = std::chrono::steady_clock::now();
    m_before = before;
}

void Progress::update(std::int64_t done, std::int64_t total, const Json& details)
{
    const auto now = std::chrono::steady_clock::now();
    const double pause = m_json ? 0 : m_terminal ? 0.1 : 3.0;
    const bool due = std::chrono::duration<double>(now - m_last).count() >= pause;
    if (!due && done != total) {
        return;
    }
    m_last = now;
    if (m_json) {
        Json line = {{"phase", m_what}, {"done", done}, {"total", total}};
        line.update(details);
        std::cerr << toLine(line) << '\n';
        return;
    }
    std::cerr << (m_terminal ? "\r" : "") << text(done, total, details) << (m_terminal ? "\033[K" : "\n") << std::flush;
    m_barShown = m_terminal;
}

std::string Progress::text(std::int64_t done, std::int64_t total, const Json& details) const
{
    std::string line = m_what + " " +
        (m_unit == Unit::Share ? std::to_string(100 * done / std::max<std::int64_t>(total, 1)) + " %"
                               : std::to_string(done) + " of " + std::to_string(total));
    for (const auto& [name, value] : details.items()) {
        char number[48];
        std::snprintf(number, sizeof number, "%.4g", value.is_number() ? value.get<double>() : 0.0);
        line += "  " + name + " " + number;
    }
    if (done > m_before && done < total) {
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count();
        line +=
            "  " + clock(seconds / static_cast<double>(done - m_before) * static_cast<double>(total - done)) + " left";
    }
    return line;
}

int guarded(const Action& action)
{
    try {
        action();
        return 0;
    } catch (...) {
        const FailureReport report = serve::currentFailure();
        std::cerr << "stet-trainer: " << report.message << '\n';
        return static_cast<int>(report.kind);
    }
}

}  // namespace stet::cli
