// The messages of a round: what it is made of, how it is stopped, what would train, what would be pushed down, how far
// it is, and how it ended. The line of log.jsonl is `Step`. Plain values; any thread.
#pragma once

#include "contract/codec.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace stet::contract {

// In their order; a resumed round has no Scoring.
enum class Phase { Checking, Loading, Scoring, Training, Saving, Evaluating };

constexpr auto wordsOf(Phase /*of*/)
{
    return Words<Phase, 6>{{{Phase::Checking, "checking"},
                            {Phase::Loading, "loading"},
                            {Phase::Scoring, "scoring"},
                            {Phase::Training, "training"},
                            {Phase::Saving, "saving"},
                            {Phase::Evaluating, "evaluating"}}};
}

// Checkpoint and leave · finish now with what is there · delete outputs.
enum class Stop { None, Pause, Keep, Discard };

constexpr auto wordsOf(Stop /*of*/)
{
    return Words<Stop, 3>{{{Stop::Pause, "pause"}, {Stop::Keep, "keep"}, {Stop::Discard, "discard"}}};
}

enum class Outcome { Finished, AlreadyFinished, Kept, Paused, Discarded, DryRun };

constexpr auto wordsOf(Outcome /*of*/)
{
    return Words<Outcome, 6>{{{Outcome::Finished, "finished"},
                              {Outcome::AlreadyFinished, "already finished"},
                              {Outcome::Kept, "kept"},
                              {Outcome::Paused, "paused"},
                              {Outcome::Discarded, "discarded"},
                              {Outcome::DryRun, "dry run"}}};
}

// What a round is made of: a folder of the worker's computer, or its content, carried. Of round/preview and
// round/flags.
struct RoundData {
    std::string dir;
    std::optional<Json> settings;               // round.json
    std::optional<std::vector<Json>> examples;  // the lines of examples.jsonl

    bool carried() const { return settings.has_value(); }
    void check(const Json& object, const std::string& what) const;
    static constexpr auto fields()
    {
        return std::tuple{optional("dir", &RoundData::dir), optional("settings", &RoundData::settings),
                          optional("examples", &RoundData::examples)};
    }
};

// round/start. Where settings and examples are carried, they are written into `dir`, which is made.
struct RoundStart {
    std::string dir;
    std::optional<Json> settings;
    std::optional<std::vector<Json>> examples;
    bool restart = false;
    bool keep = false;  // no further step: finish with the newest checkpoint

    void check(const Json& object, const std::string& what) const;
    static constexpr auto fields()
    {
        return std::tuple{required("dir", &RoundStart::dir), optional("settings", &RoundStart::settings),
                          optional("examples", &RoundStart::examples), optional("restart", &RoundStart::restart),
                          optional("keep", &RoundStart::keep)};
    }
};

// round/stop; without dir all rounds.
struct RoundStop {
    std::string dir;
    Stop how = Stop::Pause;

    static constexpr auto fields()
    {
        return std::tuple{optional("dir", &RoundStop::dir), always("how", &RoundStop::how)};
    }
};

// round/save; without dir all rounds.
struct RoundSave {
    std::string dir;

    static constexpr auto fields() { return std::tuple{optional("dir", &RoundSave::dir)}; }
};

// How many rounds were told.
struct RoundsTold {
    int rounds = 0;

    static constexpr auto fields() { return std::tuple{always("rounds", &RoundsTold::rounds)}; }
};

// Of a step; what an objective does not have is not a number, or absent.
struct StepLosses {
    static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

    double loss = kNone;
    double likelihood = kNone;
    double unlikelihood = kNone;
    double flaggedShare = kNone;
    std::optional<double> accuracy;    // dpo, ftpo
    std::optional<double> anchor;      // with one
    std::optional<double> divergence;  // self-distillation
    std::optional<double> drift;       // ftpo
    std::optional<double> margin;      // dpo, ftpo, offline-self-distillation

    static constexpr auto fields()
    {
        return std::tuple{always("loss", &StepLosses::loss),
                          always("likelihood", &StepLosses::likelihood),
                          always("unlikelihood", &StepLosses::unlikelihood),
                          always("flagged_share", &StepLosses::flaggedShare),
                          optional("accuracy", &StepLosses::accuracy),
                          optional("anchor", &StepLosses::anchor),
                          optional("divergence", &StepLosses::divergence),
                          optional("drift", &StepLosses::drift),
                          optional("margin", &StepLosses::margin)};
    }
};

// One step: a line of log.jsonl.
struct Step {
    StepLosses losses;
    std::int64_t step = 0;
    double gradNorm = StepLosses::kNone;
    double learningRate = StepLosses::kNone;
    std::int64_t tokens = 0;
    double seconds = 0;
    std::vector<Json> examples;  // ids

    static constexpr auto fields()
    {
        return std::tuple{flat(&Step::losses),
                          always("step", &Step::step),
                          always("grad_norm", &Step::gradNorm),
                          always("lr", &Step::learningRate),
                          always("tokens", &Step::tokens),
                          always("seconds", &Step::seconds),
                          optional("examples", &Step::examples)};
    }
};

// round/progress: a phase begins; an example is scored before the first step; a step is done (without its examples); or
// something is to be known.
struct RoundProgress {
    std::string dir;
    Phase phase = Phase::Checking;
    std::optional<std::string> warning;
    std::optional<std::int64_t> done;   // examples scored before the first step …
    std::optional<std::int64_t> total;  // … of these
    std::optional<std::int64_t> steps;
    std::optional<double> secondsLeft;  // negative: not known yet
    std::optional<Step> step;

    static constexpr auto fields()
    {
        return std::tuple{always("dir", &RoundProgress::dir),
                          always("phase", &RoundProgress::phase),
                          optional("warning", &RoundProgress::warning),
                          optional("done", &RoundProgress::done),
                          optional("total", &RoundProgress::total),
                          optional("steps", &RoundProgress::steps),
                          optional("seconds_left", &RoundProgress::secondsLeft),
                          flatWhere("step", &RoundProgress::step)};
    }
};

struct LeftOut {
    Json id;
    std::string reason;

    static constexpr auto fields()
    {
        return std::tuple{always("id", &LeftOut::id), always("reason", &LeftOut::reason)};
    }
};

// The counts of report.json and of previews.
struct RoundTotals {
    std::int64_t examples = 0;
    int criticised = 0;
    int accepted = 0;
    int acceptedTotal = 0;  // before down-sampling
    int truncated = 0;
    int contextsEqual = 0;  // lost their judgment by truncation
    std::vector<LeftOut> leftOut;
    std::int64_t anchors = 0;  // absent: none

    static constexpr auto fields()
    {
        return std::tuple{
            always("examples", &RoundTotals::examples),   always("criticised", &RoundTotals::criticised),
            always("accepted", &RoundTotals::accepted),   always("accepted_total", &RoundTotals::acceptedTotal),
            always("truncated", &RoundTotals::truncated), always("contexts_equal", &RoundTotals::contextsEqual),
            always("left_out", &RoundTotals::leftOut),    optional("anchors", &RoundTotals::anchors)};
    }
};

// round/preview: what would train, from the data alone.
struct RoundPreview {
    RoundTotals totals;
    std::int64_t epochs = 0;
    std::int64_t steps = 0;
    double learningRate = 0;
    double seconds = 0;        // estimated, on the worker's CPU
    std::uint64_t memory = 0;  // bytes at the peak, estimated, in float32
    Json settings;             // every setting as it would be used, with round.json's names
    std::vector<std::string> warnings;

    static constexpr auto fields()
    {
        return std::tuple{flat(&RoundPreview::totals),
                          always("epochs", &RoundPreview::epochs),
                          always("steps", &RoundPreview::steps),
                          always("learning_rate", &RoundPreview::learningRate),
                          always("seconds", &RoundPreview::seconds),
                          always("memory", &RoundPreview::memory),
                          always("settings", &RoundPreview::settings),
                          always("warnings", &RoundPreview::warnings)};
    }
};

struct FrequentToken {
    std::string text;
    std::int64_t count = 0;

    static constexpr auto fields()
    {
        return std::tuple{always("text", &FrequentToken::text), always("count", &FrequentToken::count)};
    }
};

// What one judgment would push down, before anything is trained.
struct JudgmentFlags {
    Json id;
    std::int64_t flagged = 0;        // tokens that would be pushed down
    double mass = 0;                 // sum of their probabilities in the plain context: what a round can take away
    std::optional<double> ownShare;  // of the mass: what other judgments, read in its place, don't light up

    static constexpr auto fields()
    {
        return std::tuple{always("id", &JudgmentFlags::id), always("flagged", &JudgmentFlags::flagged),
                          always("mass", &JudgmentFlags::mass), optional("own_share", &JudgmentFlags::ownShare)};
    }
};

// round/flags: what the model would push down if the round began now.
struct DetectionSummary {
    int criticised = 0;
    std::int64_t tokens = 0;  // of all criticised responses
    std::int64_t flagged = 0;
    std::vector<FrequentToken> frequent;   // the ten most flagged
    std::vector<Json> nothing;             // ids of responses in which nothing is flagged
    std::vector<Json> nearlyAll;           // ids of those with more than four fifths flagged
    std::vector<JudgmentFlags> judgments;  // every criticised response, in the file's order
    // Where the responses were read under others' judgments, too: what those flag in their place.
    std::optional<double> lambda;           // that the flags were made with
    std::optional<double> falseAlarmShare;  // of all tokens
    std::vector<Json> unspecific;           // ids whose judgment flags a smaller share than those of others do

    static constexpr auto fields()
    {
        return std::tuple{always("criticised", &DetectionSummary::criticised),
                          always("tokens", &DetectionSummary::tokens),
                          always("flagged", &DetectionSummary::flagged),
                          always("frequent", &DetectionSummary::frequent),
                          always("nothing", &DetectionSummary::nothing),
                          always("nearly_all", &DetectionSummary::nearlyAll),
                          always("judgments", &DetectionSummary::judgments),
                          optional("lambda", &DetectionSummary::lambda),
                          optional("false_alarm_share", &DetectionSummary::falseAlarmShare),
                          optional("unspecific", &DetectionSummary::unspecific)};
    }
};

// The memory a round took, in bytes.
struct MemoryPeak {
    std::int64_t residentBytes = 0;

    static constexpr auto fields() { return std::tuple{always("resident_bytes", &MemoryPeak::residentBytes)}; }
};

// report.json, with which a round is finished.
struct RoundReport {
    Outcome outcome = Outcome::Finished;
    std::int64_t steps = 0;
    std::int64_t stepsDone = 0;
    std::int64_t epochs = 0;
    RoundTotals totals;
    std::optional<double> falseAlarmRate;  // where the settings name one: what the λ beside it was made from
    std::optional<double> lambda;
    std::int64_t nothingFlagged = 0;  // criticised examples, in the first epoch
    StepLosses lastStep;
    double seconds = 0;
    MemoryPeak memoryPeak;
    Json health;  // the health gate's findings
    std::string adapterSha256;
    std::vector<std::string> warnings;

    static constexpr auto fields()
    {
        return std::tuple{always("outcome", &RoundReport::outcome),
                          always("steps", &RoundReport::steps),
                          always("steps_done", &RoundReport::stepsDone),
                          always("epochs", &RoundReport::epochs),
                          always("totals", &RoundReport::totals),
                          optional("false_alarm_rate", &RoundReport::falseAlarmRate),
                          optional("lambda", &RoundReport::lambda),
                          always("nothing_flagged", &RoundReport::nothingFlagged),
                          always("last_step", &RoundReport::lastStep),
                          always("seconds", &RoundReport::seconds),
                          always("memory_peak", &RoundReport::memoryPeak),
                          always("health", &RoundReport::health),
                          always("adapter_sha256", &RoundReport::adapterSha256),
                          always("warnings", &RoundReport::warnings)};
    }
};

// The reply to round/start.
struct RoundResult {
    Outcome outcome = Outcome::Paused;
    Json report;  // RoundReport; of a round that is not finished {"outcome", "step", "steps"?}

    static constexpr auto fields()
    {
        return std::tuple{always("outcome", &RoundResult::outcome), always("report", &RoundResult::report)};
    }
};

}  // namespace stet::contract
