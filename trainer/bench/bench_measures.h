// What `bench` measures, run by Google Benchmark with its repetitions interleaved, so that a machine that gets slower
// gets slower for all. Compute thread.
#pragma once

#include "base/json.h"
#include "trainer/serve/loaded_model.h"

#include <map>
#include <string>
#include <vector>

namespace stet::bench {

struct BenchPlan {
    std::string model;
    model::ComputeOptions compute;
    std::string promptStyle = "auto";
    int repetitions = 5;
    std::int64_t answerTokens = 150;
    std::uint64_t seed = 42;
};

// One thing measured. work: what one run does, in units of its own (tokens, floating point operations, bytes); 0:
// nothing to divide by.
struct Measure {
    std::vector<double> seconds;  // a repetition each
    double work = 0;
    double leastFlop = 0;  // of the matrix products that can't be left out; 0: not known

    double median() const;
    double rate() const { return work / median(); }
};

// By name: gemm, copy, forward, training, score_cold, score_cached, decode_1, decode_8, start_to_first_score,
// live_rescore. Throws model::Cancelled after Ctrl+C.
std::map<std::string, Measure> measureAll(const serve::LoadedModel& model, const BenchPlan& plan);

}  // namespace stet::bench
