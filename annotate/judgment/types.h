// What people say about responses, as plain values: made by the store or the window, passed by copy, no I/O, no Qt, no
// Torch. Words as in docs/glossary.md.
#pragma once

#include "annotate/judgment/author.h"
#include "annotate/judgment/round_alert.h"
#include "base/flag_rule.h"
#include "contract/mark.h"

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace stet::annotate {

struct ResponseId {
    std::int64_t value = 0;
    auto operator<=>(const ResponseId&) const = default;  // NOLINT(modernize-use-nullptr): the 0 it compares with
};

enum class Verdict { Open, Accepted, Criticised, Skipped };

using contract::Mark;
using contract::MarkKind;

// What the queue shows of a response: one line.
struct ResponseSummary {
    ResponseId id;
    std::string instruction;  // first line, shortened by the view
    Verdict verdict = Verdict::Open;
    bool hasDraft = false;
    bool bookmarked = false;  // by the annotator, to come back to it
};

// A response with everything said about it: what the Annotate page shows and what a round exports.
struct ResponseItem {
    ResponseId id;
    std::string externalId;  // the id of the file it came from, as JSON text: 12, "a-7"
    std::string instruction;
    std::string input;
    std::string messages;  // a conversation that ends with the user's instruction, as JSON text; empty: none
    std::string output;
    bool hasOutput = true;  // false: nothing to judge, only a demonstration or a revision to learn from
    bool stoppedByLength = false;
    Verdict verdict = Verdict::Open;
    std::string judgment;  // the newest submitted text; empty unless criticised (an empty criticism is possible)
    std::optional<std::string> draft;          // typed but not submitted; newer than `judgment`
    std::optional<std::string> revision;       // the output, corrected by what the judgment says
    std::optional<std::string> revisionDraft;  // typed but not submitted; newer than `revision`; empty: to be none
    std::optional<std::string> demonstration;  // the answer a person would have liked, written anew
    std::string set;                           // "control": an answer that should not move; else empty
    std::vector<Mark> marks;
    bool bookmarked = false;
    // A suggestion shown grey in the empty judgment box: the example's, or what a model drafted. Of a model, empty:
    // nothing is wrong (judgment/drafted_judgment.h).
    std::string hint;
    std::string extra = "{}";  // the fields of its file that mean nothing here, as a JSON object
    std::string sampling;      // how a generated output was made, as a JSON object; empty: not known
    Author author;             // of the output
    Author judgedBy;           // also of a verdict without a text
    Author revisedBy;
    Author demonstratedBy;
    Author markedBy;
    Author hintedBy;  // nobody: the file's that it came from
};

// Drafted: by a model, and nobody has judged the response yet.
enum class QueueFilter { All, Open, Draft, Drafted, Accepted, Criticised, Skipped, Bookmarked, Trash };

struct QueueCounts {
    int open = 0;
    int draft = 0;
    int drafted = 0;
    int accepted = 0;
    int criticised = 0;
    int skipped = 0;
    int bookmarked = 0;
    int trash = 0;
    int total = 0;  // without trash

    int of(QueueFilter filter) const;
};

// Scores of one response under one judgment, as the worker gave them. Vectors are empty where a context was not asked
// for. A token whose number is missing (not finite) is NaN.
struct Alternative {
    std::string text;
    double logProb = 0;
};

struct TokenScores {
    std::vector<int> begins;    // code points of the response, one per token
    std::vector<int> ends;      // the end of sequence is [len, len]
    std::vector<double> plain;  // natural log-probabilities
    std::vector<double> judged;
    std::vector<double> praised;
    std::vector<double> logRatio;  // natural log
    std::vector<int> plainRank;    // 1 = most likely
    std::vector<int> judgedRank;
    std::vector<std::vector<Alternative>> plainTop;
    std::vector<std::vector<Alternative>> judgedTop;
    Contrast contrast = Contrast::D1;
    MarksUse marksUse = MarksUse::Union;    // what a round would do with the annotator's marks
    Push push = Push::All;                  // how much of what is penalised it would push down
    std::vector<int> words;                 // by number, where the push needs them
    std::optional<double> falseAlarmShare;  // flagged share under other examples' judgments, when known …
    double falseAlarmLambda = 0;            // … at this threshold
    std::optional<double> proposedLambda;   // at which that share is 5 %

    std::size_t size() const { return begins.size(); }
};

// The sets of instructions that have a meaning; others are named by the person, and wait for responses, too.
constexpr const char* kWaitingSet = "instructions";  // where instructions come when no set is named
constexpr const char* kHeldOutSet = "heldout";       // rounds are compared on them, and never trained
constexpr const char* kControlSet = "control";       // with the answers that should not move

struct InstructionSet {
    std::string name;
    int count = 0;
    int fresh = 0;  // nobody has answered them yet
};

// An instruction in the list of its set.
struct InstructionRow {
    std::int64_t id = 0;
    std::string text;   // with its input
    int responses = 0;  // that the project has to it
};

// Where the λ of a round comes from, which the heat-map shows as well.
struct Threshold {
    double lambda = kDefaultLambda;
    std::optional<double> falseAlarmRate;  // λ is made from it, by each round anew; none: chosen by hand
    bool rateIsOffered = false;            // false: preset, contrast or other settings need a λ
    int judgments = 0;                     // that λ was made from; 0: from none yet

    bool operator==(const Threshold&) const = default;
};

// A round as the project knows it; its files are in rounds/NNNN/.
enum class RoundState { Prepared, Running, Paused, Finished, Failed, Discarded };

struct RoundRecord {
    int number = 0;  // 1, 2, …; 0 is the base model
    int parent = 0;
    RoundState state = RoundState::Prepared;
    bool adopted = false;  // is it the project's current model
    std::string preset;
    int criticised = 0;  // examples it trains on
    int accepted = 0;
    int steps = 0;
    int stepsDone = 0;
    std::string failure;    // sentence, when Failed
    std::string startedAt;  // ISO 8601 UTC
    std::string finishedAt;
    std::string summaryJson;         // compare's summary, once compared; empty before
    std::vector<RoundAlert> alerts;  // where it was read with them (workflow::watchedRounds)
};

// One optimizer step of a running round, for curves (log.jsonl's fields).
struct RoundStep {
    int step = 0;
    int steps = 0;
    double loss = 0;
    double likelihood = 0;
    double unlikelihood = 0;
    double flaggedShare = 0;
    double gradNorm = 0;
    double learningRate = 0;
    double secondsLeft = 0;  // negative: not known yet
};

// What will train, shown before a round is started.
struct RoundPlan {
    int criticised = 0;
    int accepted = 0;  // after down-sampling
    int acceptedTotal = 0;
    int steps = 0;
    std::vector<std::string> leftOut;             // one sentence per reason
    std::map<std::string, std::string> settings;  // as they would be used: "optimizer.lr" → "0.0003"
    double minutes = 0;
    double gigabytes = 0;

    // What the model itself says of it; comes later than the rest.
    struct Flags {
        int tokens = 0;  // flagged: they will be pushed down
        struct Frequent {
            std::string text;
            int count = 0;
        };
        std::vector<Frequent> frequent;          // the most flagged tokens, most first
        std::vector<std::string> lightsNothing;  // instructions of the responses whose judgment does
        std::vector<std::string> lightsAll;      // … flags nearly every token
        // … flags a smaller share than other responses' judgments would: of rounds whose λ a rate makes
        std::vector<std::string> lightsAsOthers;
        // Of the probability of all that is pushed down: what other judgments would not light up in its place.
        std::optional<double> ownShare;
        std::optional<double> lambda;  // that the rate makes
        int ofTokens = 0;              // of all criticised responses
    };
    std::optional<Flags> flags;
};

// One held-out instruction answered before and after a round.
struct ComparedItem {
    std::string id;
    std::string instruction;
    std::string before;
    std::string after;
};

struct CompareSummary {
    double criticisedFlaggedBefore = 0;  // mean probability of the criticised tokens
    double criticisedFlaggedAfter = 0;
    double praisedLogProbBefore = 0;
    double praisedLogProbAfter = 0;
    double controlKl = 0;
    double lengthBefore = 0;
    double lengthAfter = 0;
    double repetitionBefore = 0;
    double repetitionAfter = 0;
};

}  // namespace stet::annotate
