// Scores responses: log-probability of every response token under each context, the contrast's log-ratio, and which
// tokens are flagged. Compute thread. Borrows decoder and encoder. Keeps the numbers of contexts it has computed, so
// that an edited judgment costs only the judged context (live scoring); the cache is bounded and keyed by adapter and
// ids.
#pragma once

#include "contract/score.h"
#include "trainer/detect/aligned_response.h"
#include "trainer/detect/detection.h"
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
    detect::DetectionSettings detection;
    int top = 0;                              // k alternatives and ranks per context; 0: none
    std::vector<std::string> otherJudgments;  // what the contrast is measured against, where it is
};

struct ContextScores {
    std::vector<double> logProbs;  // [n], float32 values
    std::vector<int> ranks;        // when top > 0
    std::vector<std::vector<std::pair<std::int64_t, double>>> top;
    int cut = 0;  // ids lost by truncation
};

struct ScoreResult {
    std::vector<std::int64_t> ids;  // response tokens scored: those that count in every context
    std::vector<text::TokenRange> ranges;
    std::vector<int> words;  // detect::wordsOf
    std::map<text::Context, ContextScores> contexts;
    std::vector<text::Context> without;  // asked for, but they need a judgment, and the example has none
    detect::Detection detection;         // empty when the example has no judgment
    detect::DetectionSettings settings;
    bool marked = false;  // the annotator's marks are there, or aren't used as usual: penalised may not be flagged
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

    // Why the example can't be scored (its contexts leave fewer than 16, or not all, of its response's tokens; of the
    // judgments it is to be measured against, none leaves room for it); nullopt when it can. For lists, which leave
    // such a line out and report it.
    std::optional<std::string> whyLeftOut(const files::Example& example, const ScoreOptions& options) const;

    // Failure(BadInput): whyLeftOut. Failure(Usage): a contrast that needs other judgments without any.
    ScoreResult score(const files::Example& example, const ScoreOptions& options, const model::Adapters& adapters,
                      const std::string& adapterKey, const model::CancelCheck& cancelled = {});

private:
    // Which model reads, and until when.
    struct Reader {
        const model::Adapters& adapters;
        const std::string& adapterKey;
        const model::CancelCheck& cancelled;
    };
    // What is read of an example, once it is known to be readable.
    struct Plan {
        detect::AlignedResponse response;
        std::vector<text::ContextIds> others;
        std::optional<std::string> leftOut;
    };

    Plan plan(const files::Example& example, const ScoreOptions& options) const;
    // All that is not in the cache yet, together.
    void read(const Plan& plan, int top, const Reader& reader);
    void keep(const std::string& key, ContextScores scores);
    void forgetTheOldest();
    const ContextScores& scoresOf(const text::ContextIds& ids, int top, const Reader& reader);
    detect::ContrastInput contrastInput(const ScoreResult& result, const Plan& plan, const Reader& reader);

    const model::Decoder& m_decoder;
    const text::ExampleEncoder& m_encoder;
    // Least recently used last.
    std::list<std::pair<std::string, ContextScores>> m_recent;
    std::map<std::string, std::list<std::pair<std::string, ContextScores>>::iterator> m_cache;
};

}  // namespace stet::score
