// What all sub-commands share: common options, where results go, how progress is shown. Main thread.
#pragma once

#include "base/flag_rule.h"
#include "base/json.h"
#include "trainer/detect/detection_settings.h"
#include "trainer/files/example_lines.h"
#include "trainer/model/device.h"
#include "trainer/serve/output_file.h"
#include "trainer/serve/signals.h"

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace stet::cli {

using serve::interrupted;
using serve::refuseUnwritable;
using serve::refuseWithoutParent;

struct CommonOptions {
    std::string model;
    std::string adapter;  // empty: the base model
    std::string in;
    std::string out = "-";
    std::string progress;  // "" = by terminal, "json"
    model::ComputeOptions compute;
    std::uint64_t seed = 42;
};

// A sub-command: adds itself to the program and puts what is to run into `action`.
using Action = std::function<void()>;
using AddCommand = void (*)(CLI::App& program, Action& action);

void addDescribe(CLI::App& program, Action& action);
void addTokenize(CLI::App& program, Action& action);
void addLogits(CLI::App& program, Action& action);
void addScore(CLI::App& program, Action& action);
void addGenerate(CLI::App& program, Action& action);
void addRound(CLI::App& program, Action& action);
void addCompare(CLI::App& program, Action& action);
void addEvaluate(CLI::App& program, Action& action);
void addMerge(CLI::App& program, Action& action);
void addExport(CLI::App& program, Action& action);
void addPrecision(CLI::App& program, Action& action);
void addVerify(CLI::App& program, Action& action);
void addBench(CLI::App& program, Action& action);
void addPretrain(CLI::App& program, Action& action);
void addServe(CLI::App& program, Action& action);

// Which of the common options a command takes.
void addModelOptions(CLI::App& command, CommonOptions& options);    // --model --seed and the next
void addComputeOptions(CLI::App& command, CommonOptions& options);  // --device --dtype --threads
void addThreadsOption(CLI::App& command, CommonOptions& options);
void addAdapterOption(CLI::App& command, CommonOptions& options);
void addInOut(CLI::App& command, CommonOptions& options, bool in = true);  // --in --out
void addProgressOption(CLI::App& command, CommonOptions& options);
void addPromptStyle(CLI::App& command, std::string& style);
CLI::Validator from(double low, double high);  // CLI11's Range lets "nan" pass
CLI::Validator positive();                     // its PositiveNumber names a bound of 309 digits
CLI::Validator wholeNumber();                  // it takes "-3" for a number without sign

// On standard error: warnings, and which device computes and why.
void sayWarnings(const std::vector<std::string>& warnings);
void sayDevice(const model::Compute& compute);

// What decides which tokens are flagged: a preset, and what is given beside it.
struct DetectionArguments {
    std::string preset = "stable";
    std::optional<std::string> contrast;
    std::optional<double> lambda;
    std::optional<std::string> truncate;
    std::optional<std::int64_t> maxLength;
    std::string marks = "union";
    std::optional<std::string> push;

    detect::DetectionSettings settings() const;
};
void addDetection(CLI::App& command, DetectionArguments& arguments);

// The lines of `--in`, at least one; warnings go to standard error. Failure(BadInput).
files::ExampleFile readSome(const std::string& path, bool requireOutput);

// Failure(BadInput) when what was written to standard output did not get there.
void checkOutput();

// Results: lines collected and, at finish(), published to a file at once; written as they come to standard output
// ("-"). A place that can't be written to, or that is `input` itself, is refused before the work: Failure(BadInput).
class Results {
public:
    explicit Results(std::string path, const std::string& input = {});
    void line(const Json& value);
    void finish();

private:
    std::string m_path;
    std::string m_collected;
};

// Progress on standard error: a bar with the time left on a terminal, a plain line every few seconds otherwise, JSON
// when asked for.
class Progress {
public:
    enum class Unit { Things, Share };  // "12 of 80", "15 %"
    Progress(std::string what, const CommonOptions& options, Unit unit = Unit::Things);
    ~Progress();
    // The time left is reckoned from now on, by what is done beyond `before`.
    void beginAt(std::int64_t before);
    void update(std::int64_t done, std::int64_t total, const Json& details = Json::object());

private:
    std::string text(std::int64_t done, std::int64_t total, const Json& details) const;

    std::string m_what;
    Unit m_unit = Unit::Things;
    std::int64_t m_before = 0;
    bool m_json = false;
    bool m_terminal = false;
    bool m_barShown = false;
    std::chrono::steady_clock::time_point m_start;
    std::chrono::steady_clock::time_point m_last;
};

// Runs `action` and turns everything thrown into a message on standard error and the exit code of docs/headless.md: the
// only place.
int guarded(const Action& action);

}  // namespace stet::cli
