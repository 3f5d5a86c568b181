// A short round of many settings over the goldens' small model, run in the test's own process: what it leaves, and what
// stops it.
#pragma once

#include "base/failure.h"
#include "tests/support/round_folders.h"
#include "trainer/round/round.h"

#include <QtTest>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace stet::test {

// 15 steps; `more` wins.
inline std::string makeShortRound(const QTemporaryDir& dir, const std::string& name, const Json& more = Json::object())
{
    Json settings = {{"preset", "cut-code"},
                     {"optimizer", {{"lr", 0.004}}},
                     {"schedule", {{"warmup_steps", 3}}},
                     {"lora", {{"r", 4}, {"alpha", 8}, {"dropout", 0.1}}}};
    settings.update(more);
    return makeRound(dir, name, settings);
}

// The log without what a clock says.
inline std::vector<Json> logOf(const std::string& folder)
{
    std::vector<Json> lines;
    std::ifstream file(folder + "/log.jsonl");
    for (std::string line; std::getline(file, line);) {
        lines.push_back(Json::parse(line));
        lines.back().erase("seconds");
    }
    return lines;
}

inline round::RoundHooks stopAt(std::int64_t step, round::Stop stop)
{
    round::RoundHooks hooks;
    const auto at = std::make_shared<std::int64_t>(0);
    hooks.onStep = [at](const round::RoundProgress& progress) { *at = progress.step; };
    hooks.stopRequested = [at, step, stop] { return *at == step ? stop : round::Stop::None; };
    return hooks;
}

inline void refusesRound(const std::string& folder, FailureKind kind, const std::string& word)
{
    try {
        round::runRound(folder, {}, {});
    } catch (const Failure& failure) {
        QCOMPARE(failure.kind(), kind);
        QVERIFY2(std::string(failure.what()).find(word) != std::string::npos, failure.what());
        QVERIFY(!std::filesystem::exists(folder + "/adapter"));
        QVERIFY(!std::filesystem::exists(folder + "/report.json"));
        return;
    }
    QFAIL("the round ran");
}

}  // namespace stet::test
