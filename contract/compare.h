// compare/run: the same instructions before and after, the lines that say what came of each, and the summary, as
// `stet-trainer compare` writes them. Plain values; any thread.
#pragma once

#include "contract/generate.h"
#include "contract/score.h"

#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace stet::contract {

// The data comes from a file and goes to one (`in`, `out`), or is carried: `examples` here, the lines in the result.
struct CompareRequest {
    std::string in;
    std::string out;
    std::optional<std::vector<Json>> examples;  // lines as in examples.jsonl
    std::string before = "base";                // or an adapter's folder
    std::string after = "base";
    Sampling sampling;
    Scoring scoring;

    void check(const Json& object, const std::string& what) const;
    static constexpr auto fields()
    {
        return std::tuple{optional("in", &CompareRequest::in),
                          optional("out", &CompareRequest::out),
                          optional("examples", &CompareRequest::examples),
                          optional("before", &CompareRequest::before),
                          optional("after", &CompareRequest::after),
                          flat(&CompareRequest::sampling),
                          flat(&CompareRequest::scoring)};
    }
};

struct CompareProgress {
    std::int64_t done = 0;
    std::int64_t total = 0;

    static constexpr auto fields()
    {
        return std::tuple{always("done", &CompareProgress::done), always("total", &CompareProgress::total)};
    }
};

// One line on one side: an answer that was made, or the given one's log-probabilities.
struct ComparedSide {
    std::optional<std::string> output;
    std::optional<std::int64_t> tokens;
    std::optional<Stopped> stopped;
    std::optional<std::vector<double>> logProb;

    static constexpr auto fields()
    {
        return std::tuple{optional("output", &ComparedSide::output), optional("tokens", &ComparedSide::tokens),
                          optional("stopped", &ComparedSide::stopped), optional("logprob", &ComparedSide::logProb)};
    }
};

struct ComparedLine {
    Json id;
    ComparedSide before;
    ComparedSide after;
    std::optional<double> kl;            // of a control line
    std::optional<std::string> leftOut;  // why it was not scored

    static constexpr auto fields()
    {
        return std::tuple{always("id", &ComparedLine::id), always("before", &ComparedLine::before),
                          always("after", &ComparedLine::after), optional("kl", &ComparedLine::kl),
                          optional("left_out", &ComparedLine::leftOut)};
    }
};

// A measure on both sides; not a number where no line of its kind was there.
struct BeforeAfter {
    double before = std::numeric_limits<double>::quiet_NaN();
    double after = std::numeric_limits<double>::quiet_NaN();

    static constexpr auto fields()
    {
        return std::tuple{always("before", &BeforeAfter::before), always("after", &BeforeAfter::after)};
    }
};

struct CompareSummary {
    BeforeAfter criticisedFlaggedLogProb;  // of the tokens the model before flags
    BeforeAfter praisedLogProb;
    BeforeAfter controlKl;
    BeforeAfter length;  // tokens of an answer
    BeforeAfter repetition;

    static constexpr auto fields()
    {
        return std::tuple{always("criticised_flagged_logp", &CompareSummary::criticisedFlaggedLogProb),
                          always("praised_logp", &CompareSummary::praisedLogProb),
                          always("control_kl", &CompareSummary::controlKl), always("length", &CompareSummary::length),
                          always("repetition", &CompareSummary::repetition)};
    }
};

// The reply, and the last line of the file. lines: only where the request carried its data.
struct CompareResult {
    CompareSummary summary;
    std::optional<std::vector<ComparedLine>> lines;

    static constexpr auto fields()
    {
        return std::tuple{always("summary", &CompareResult::summary), optional("lines", &CompareResult::lines)};
    }
};

}  // namespace stet::contract
