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
    return contract::Words<Contrast, 5>{
        {{Contrast::D1, "D1"}, {Contrast::D2, "D2"}, {Contrast::D3, "D3"}, {Contrast::D4, "D4"}, {Contrast::D5, "D5"}}};
}

}  // namespace stet

namespace stet::contract {

// How responses are scored; compare/run takes the same.
struct Scoring {
    std::vector<std::string> contexts;  // of plain, judged, praised, blank, correction; empty: plain and judged
    Contrast contrast = Contrast::D1;
    double lambda = kDefaultLambda;  // at least 1
    int top = 0;                     // alternatives per token
    std::int64_t maxLength = 2048;
    std::vector<std::string> otherJudgments;  // of other responses: for contrast D5 and for false alarms

    void check(const Json& object, const std::string& what) const;
    static constexpr auto fields()
    {
        return std::tuple{
            optional("contexts", &Scoring::contexts),    always("contrast", &Scoring::contrast),
            always("lambda", &Scoring::lambda),          optional("top", &Scoring::top),
            optional("max_length", &Scoring::maxLength), optional("other_judgments", &Scoring::otherJudgments)};
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
    std::optional<std::vector<bool>> flagged;
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
                          optional("false_alarm_share", &ScoreLine::falseAlarmShare),
                          optional("lambda_proposed", &ScoreLine::lambdaProposed)};
    }
};

}  // namespace stet::contract
