// score/run: what is asked of a response's tokens, and the line that answers, which `stet-trainer score` writes as
// well. Plain values; any thread.
#pragma once

#include "base/flag_rule.h"
#include "contract/example.h"

#include <optional>
#include <string>
#include <vector>

namespace stet {

constexpr auto wordsOf(Contrast /*of*/)
{
    return contract::Words<Contrast, 6>{{{Contrast::D1, "D1"},
                                         {Contrast::D2, "D2"},
                                         {Contrast::D3, "D3"},
                                         {Contrast::D4, "D4"},
                                         {Contrast::D5, "D5"},
                                         {Contrast::D6, "D6"}}};
}

constexpr auto wordsOf(MarksUse /*of*/)
{
    return contract::Words<MarksUse, 3>{
        {{MarksUse::Union, "union"}, {MarksUse::Only, "only"}, {MarksUse::Ignore, "ignore"}}};
}

constexpr auto wordsOf(Push /*of*/)
{
    return contract::Words<Push, 2>{{{Push::All, "all"}, {Push::Beginnings, "beginnings"}}};
}

}  // namespace stet

namespace stet::contract {

// How a round would detect, with round.json's names (`marks_use` is its `marks`, `push` its `ftpo`'s); what is not
// given is the preset's.
struct Detection {
    std::string preset = "stable";
    std::optional<Contrast> contrast;
    std::optional<double> lambda;         // at least 1
    std::optional<std::string> truncate;  // left, tail
    std::optional<std::int64_t> maxLength;
    std::optional<MarksUse> marksUse;
    std::optional<Push> push;

    bool operator==(const Detection&) const = default;
    static constexpr auto fields()
    {
        return std::tuple{optional("preset", &Detection::preset),
                          optional("contrast", &Detection::contrast),
                          optional("lambda", &Detection::lambda),
                          optional("truncate", &Detection::truncate),
                          optional("max_length", &Detection::maxLength),
                          optional("marks_use", &Detection::marksUse),
                          optional("push", &Detection::push)};
    }
};

// How responses are scored; compare/run takes the same.
struct Scoring {
    std::vector<std::string> contexts;  // of plain, judged, praised, blank, correction; empty: plain and judged
    Detection detection;
    int top = 0;                              // alternatives per token
    std::vector<std::string> otherJudgments;  // of other responses: for contrast D5 and for false alarms

    static constexpr auto fields()
    {
        return std::tuple{optional("contexts", &Scoring::contexts), flat(&Scoring::detection),
                          optional("top", &Scoring::top), optional("other_judgments", &Scoring::otherJudgments)};
    }
};

struct ScoreRequest {
    Example example;
    Scoring scoring;
    std::string adapter;  // a folder; empty or "base": none

    static constexpr auto fields()
    {
        return std::tuple{flat(&ScoreRequest::example), flat(&ScoreRequest::scoring),
                          optional("adapter", &ScoreRequest::adapter)};
    }
};

struct ScoredToken {
    std::int64_t id = 0;
    std::int64_t begin = 0;  // in code points of the output
    std::int64_t end = 0;

    static constexpr auto fields()
    {
        return std::tuple{always("id", &ScoredToken::id), always("begin", &ScoredToken::begin),
                          always("end", &ScoredToken::end)};
    }
};

struct Alternative {
    std::int64_t id = 0;
    std::string text;
    double logProb = 0;

    bool operator==(const Alternative&) const = default;
    static constexpr auto fields()
    {
        return std::tuple{always("id", &Alternative::id), always("text", &Alternative::text),
                          always("logprob", &Alternative::logProb)};
    }
};

// Lists have one entry per token; names are contexts.
struct ScoreLine {
    Json id;
    std::string promptStyle;
    std::vector<ScoredToken> tokens;
    Named<std::optional<std::vector<double>>> logProb;  // null: it needs a judgment, and there is none
    std::optional<std::vector<double>> logRatio;        // null without a judgment
    std::optional<std::vector<bool>> flagged;           // by the rule
    std::optional<std::vector<bool>> penalised;         // with the marks, where there are some
    std::optional<MarksUse> marksUse;                   // of `penalised`
    std::optional<std::vector<bool>> pushed;            // where a round pushes down only part of what is penalised …
    std::optional<Push> push;                           // … by this rule …
    std::optional<std::vector<int>> words;              // … of these words, by number; −1: none
    double lambda = kDefaultLambda;
    Contrast contrast = Contrast::D1;
    Named<int> truncated;
    Named<std::vector<std::vector<Alternative>>> top;
    Named<std::vector<int>> rank;
    std::optional<double> falseAlarmShare;
    std::optional<double> lambdaProposed;

    static constexpr auto fields()
    {
        return std::tuple{always("id", &ScoreLine::id),
                          always("prompt_style", &ScoreLine::promptStyle),
                          always("tokens", &ScoreLine::tokens),
                          always("logprob", &ScoreLine::logProb),
                          always("log_ratio", &ScoreLine::logRatio),
                          always("flagged", &ScoreLine::flagged),
                          always("lambda", &ScoreLine::lambda),
                          always("contrast", &ScoreLine::contrast),
                          always("truncated", &ScoreLine::truncated),
                          optional("top", &ScoreLine::top),
                          optional("rank", &ScoreLine::rank),
                          optional("penalised", &ScoreLine::penalised),
                          optional("marks_use", &ScoreLine::marksUse),
                          optional("pushed", &ScoreLine::pushed),
                          optional("push", &ScoreLine::push),
                          optional("words", &ScoreLine::words),
                          optional("false_alarm_share", &ScoreLine::falseAlarmShare),
                          optional("lambda_proposed", &ScoreLine::lambdaProposed)};
    }
};

}  // namespace stet::contract
