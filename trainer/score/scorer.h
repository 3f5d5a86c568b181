// Scores responses: log-probability of every response token under each context, the contrast's log-ratio, and which
// tokens are flagged. Compute thread. Borrows decoder and encoder. Keeps the numbers of contexts it has computed, so
// that an edited judgment costs only the judged context (live scoring); the cache is bounded and keyed by adapter and
// ids.
#pragma once

#include "base/flag_rule.h"
#include "contract/score.h"
#include "trainer/score/response_log_probs.h"
#include "trainer/text/example_encoder.h"

#include <list>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace stet::score {

struct ScoreOptions {
    std::vector<text::Context> contexts = {text::Context::Plain,
                                           text::Context::Judged};  // plain and what the contrast needs are added
    Contrast contrast = Contrast::D1;
    double lambda = kDefaultLambda;
    int top = 0;  // k alternatives and ranks per context; 0: none
    std::int64_t maxLength = 2048;
    std::vector<std::string> otherJudgments;  // D5: judgments of other examples
};

struct ContextScores {
    std::vector<double> logProbs;  // [n], float32 values
    std::vector<int> ranks;        // when top > 0
    std::vector<std::vector<std::pair<std::int64_t, double>>> top;
    int cut = 0;  // response ids lost by truncation
};

struct ScoreResult {
    std::vector<std::int64_t> ids;  // response tokens scored
    std::vector<text::TokenRange> ranges;
    std::map<text::Context, ContextScores> contexts;
    std::vector<text::Context> without;  // asked for, but they need a judgment, and the example has none
    // Empty when the example has no judgment. D5: not a number, so not flagged, where no other judgment leaves room for
    // the token.
    std::vector<double> logRatio;
    std::vector<char> flagged;
    Contrast contrast = Contrast::D1;
    double lambda = kDefaultLambda;
};

// The line of docs/headless.md "score".
contract::ScoreLine scoreLine(const files::Example& example, const ScoreResult& result,
                              const text::ExampleEncoder& encoder);

class Scorer {
public:
    // adapterKey names the adapter in the cache ("" = base).
    Scorer(const model::Decoder& decoder, const text::ExampleEncoder& encoder) : m_decoder(decoder), m_encoder(encoder)
    {
    }

    // Why the example can't be scored (its contexts leave fewer than 16, or not all, of its response's tokens); nullopt
    // when it can. For lists, which leave such a line out and report it.
    std::optional<std::string> whyLeftOut(const files::Example& example, const ScoreOptions& options) const;

    // Failure(BadInput): whyLeftOut. Failure(Usage): D5 without other judgments.
    ScoreResult score(const files::Example& example, const ScoreOptions& options, const model::Adapters& adapters,
                      const std::string& adapterKey, const model::CancelCheck& cancelled = {});

private:
    text::EncodedExample encode(const files::Example& example, const std::vector<text::Context>& contexts,
                                const ScoreOptions& options) const;
    const ContextScores& scoresOf(const Sequence& sequence, int top, const model::Adapters& adapters,
                                  const std::string& adapterKey, const model::CancelCheck& cancelled);
    std::vector<double> meanUnderOthers(const files::Example& example, const ScoreOptions& options,
                                        const model::Adapters& adapters, const std::string& adapterKey,
                                        const model::CancelCheck& cancelled);

    const model::Decoder& m_decoder;
    const text::ExampleEncoder& m_encoder;
    // Least recently used last.
    std::list<std::pair<std::string, ContextScores>> m_recent;
    std::map<std::string, std::list<std::pair<std::string, ContextScores>>::iterator> m_cache;
};

}  // namespace stet::score
