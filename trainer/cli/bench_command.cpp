// `stet-trainer bench`: the speed of this worker with a model on this machine, as ratios within one run.
#include "trainer/bench/bench_measures.h"
#include "trainer/bench/bench_workload.h"
#include "trainer/bench/memory_benchmark.h"
#include "trainer/bench/operation_measures.h"
#include "trainer/cli/command_line.h"
#include "trainer/cli/command_model.h"
#include "trainer/model/memory_meter.h"

#include <cstdio>
#include <iostream>

#include <sys/resource.h>

namespace stet::cli {

namespace {

constexpr std::int64_t kMicroBatchTokens = 4096;

struct BenchArguments {
    CommonOptions common;
    bench::BenchPlan plan;
    bool memory = false;
};

Json timesJson(const std::map<std::string, bench::Measure>& measures)
{
    Json times = Json::object();
    for (const auto& [name, measure] : measures) {
        const auto [least, most] = std::minmax_element(measure.seconds.begin(), measure.seconds.end());
        times[name] = {{"median", measure.median()}, {"min", *least}, {"max", *most}, {"work", measure.work}};
    }
    return times;
}

// forward_over_gemm, training_over_gemm: the share of this run's own rate of products at which the products that can't
// be left out were made.
Json ratiosJson(const std::map<std::string, bench::Measure>& measures)
{
    const auto rate = [&](const char* name) { return measures.at(name).rate(); };
    const auto seconds = [&](const char* name) { return measures.at(name).median(); };
    const auto ofFloor = [&](const char* name) { return measures.at(name).leastFlop / seconds(name) / rate("gemm"); };
    return {{"score_cached_over_cold", seconds("score_cached") / seconds("score_cold")},
            {"live_rescore_over_cached", seconds("live_rescore") / seconds("score_cached")},
            {"training_over_forward", rate("training") / rate("forward")},
            {"forward_over_gemm", ofFloor("forward")},
            {"training_over_gemm", ofFloor("training")},
            {"decode_8_over_1", rate("decode_8") / rate("decode_1")}};
}

Json operationsJson(const bench::OperationMeasures& counts)
{
    return {{"forward_per_layer", counts.forwardPerLayer},
            {"backward_per_layer", counts.backwardPerLayer},
            {"step", counts.step},
            {"micro_batches", counts.microBatches},
            {"host_reads", counts.hostReads}};
}

Json ratesJson(const std::map<std::string, bench::Measure>& measures)
{
    return {{"forward_tokens", measures.at("forward").rate()},   {"training_tokens", measures.at("training").rate()},
            {"decode_1_tokens", measures.at("decode_1").rate()}, {"decode_8_tokens", measures.at("decode_8").rate()},
            {"gemm_flop", measures.at("gemm").rate()},           {"copy_bytes", measures.at("copy").rate()}};
}

Json memoryJson(std::uint64_t weights)
{
    rusage usage = {};
    getrusage(RUSAGE_SELF, &usage);
    const auto peak = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
    return {{"peak_bytes", peak}, {"weights_bytes", weights}};
}

void printTable(const Json& report)
{
    for (const auto& [name, time] : report.at("seconds").items()) {
        std::fprintf(stderr, "%-22s %10.3f ms   (%.3f – %.3f)\n", name.c_str(), 1e3 * time.at("median").get<double>(),
                     1e3 * time.at("min").get<double>(), 1e3 * time.at("max").get<double>());
    }
    for (const auto& [name, ratio] : report.at("ratios").items()) {
        std::fprintf(stderr, "%-26s %6.3f\n", name.c_str(), ratio.get<double>());
    }
    for (const auto& [name, count] : report.at("operations").items()) {
        std::fprintf(stderr, "%-26s %6.1f\n", ("operations: " + name).c_str(), count.get<double>());
    }
}

// Estimates from the headers beside the allocator's own peaks, over texts of two forms: much to score, little to score.
void runMemory(const BenchArguments& arguments)
{
    Results results(arguments.common.out);
    const auto folder = files::openModelFolder(arguments.common.model);
    const auto compute = model::resolveCompute(arguments.common.compute, folder.config.dtype);
    sayDevice(compute);
    const model::MemoryMeter meter(compute.device);
    const auto decoder = model::Decoder::load(folder, compute, {});
    const auto say = [&](const std::string& what, const bench::MemoryBenchmark& trial) {
        const std::string dtype = compute.dtype == c10::kFloat ? "float32" : "bfloat16";
        std::fprintf(stderr, "%-34s %10.1f MB estimated %10.1f MB measured %7.3f\n", what.c_str(),
                     static_cast<double>(trial.estimated) / 1e6, static_cast<double>(trial.measured) / 1e6,
                     trial.ratio());
        results.line({{"what", what},
                      {"device", compute.device.str()},
                      {"dtype", dtype},
                      {"estimated_bytes", trial.estimated},
                      {"measured_bytes", trial.measured}});
    };
    say("weights", {model::weightsMemory(folder.config, compute.dtype), meter.held()});
    const std::int64_t length = std::min<std::int64_t>(512, folder.config.contextLength);
    for (const std::int64_t response : {length - length / 8, length / 8}) {
        const std::string shape = std::to_string(length - response) + "+" + std::to_string(response);
        say("score " + shape, bench::benchmarkScoring(*decoder, {1, length - response, response}));
        say("training 2x " + shape, bench::benchmarkTraining(*decoder, {2, length - response, response}));
        say("training 2x " + shape + " all, dropout",
            bench::benchmarkTraining(*decoder, {2, length - response, response, 16, false, 0.1}));
    }
    results.finish();
}

void run(BenchArguments& arguments)
{
    if (arguments.memory) {
        runMemory(arguments);
        return;
    }
    Results results(arguments.common.out);
    const serve::LoadedModel model = loadForCommand(arguments.common, arguments.plan.promptStyle);
    arguments.plan.model = arguments.common.model;
    arguments.plan.compute = arguments.common.compute;
    arguments.plan.seed = arguments.common.seed;
    const auto answer = bench::benchExample(model.encoder(), arguments.plan.answerTokens, arguments.plan.seed);
    const auto measures = bench::measureAll(model, arguments.plan);
    const auto& compute = model.decoder().compute();
    const auto parameters = model.decoder().parameterCount();
    const Json report = {
        {"model", arguments.common.model},
        {"parameters", parameters},
        {"device", compute.device.str()},
        {"dtype", compute.dtype == c10::kFloat ? "float32" : "bfloat16"},
        {"threads", compute.threads},
        {"repetitions", arguments.plan.repetitions},
        {"answer_tokens", bench::responseTokens(model.encoder(), answer)},
        {"seconds", timesJson(measures)},
        {"per_second", ratesJson(measures)},
        {"ratios", ratiosJson(measures)},
        {"operations", operationsJson(bench::measureOperations(model.decoder(), model.encoder(), kMicroBatchTokens))},
        {"memory", memoryJson(model::weightsMemory(model.folder().config, compute.dtype))}};
    printTable(report);
    results.line(report);
    results.finish();
}

}  // namespace

void addBench(CLI::App& program, Action& action)
{
    auto arguments = std::make_shared<BenchArguments>();
    CLI::App* command = program.add_subcommand("bench", "How fast this worker is here, as ratios within one run");
    addModelOptions(*command, arguments->common);
    addInOut(*command, arguments->common, false);
    addPromptStyle(*command, arguments->plan.promptStyle);
    command->add_option("--repetitions", arguments->plan.repetitions, "medians are of so many")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    command->add_option("--answer-tokens", arguments->plan.answerTokens, "length of the answer that is scored")
        ->capture_default_str()
        ->check(CLI::Range(1, 100000));
    command->add_flag("--memory", arguments->memory,
                      "how much memory weights, scoring and training take, beside what is estimated for them");
    command->callback([arguments, &action] { action = [arguments] { run(*arguments); }; });
}

}  // namespace stet::cli
