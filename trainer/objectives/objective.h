// What a round trains toward: one strategy per `objective` of round.json. It says which texts of a line are read in
// which context, what is fixed before the first step, and what an example costs; batches, micro-batches, dropout and
// the optimizer are the same for all. Formulas: docs/method.md. Made once for a round, which owns it; holds a copy of
// its settings and nothing else. Compute thread.
#pragma once

#include "trainer/files/round_settings.h"
#include "trainer/objectives/training_example.h"
#include "trainer/text/prompt_style.h"

#include <ATen/core/Tensor.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace stet::round {

// One text and the contexts it is read in. Its token ids are the same in all of them.
struct TextPlan {
    struct ContextUse {
        std::string key;
        text::Context context = text::Context::Plain;
        Use use = Use::Trained;
    };
    files::Example example;        // with the text as its output; in context Judging the judgment is the text
    std::vector<ContextUse> uses;  // Judging stands alone
};

// What the file must hold for an objective, for the message when it doesn't.
struct Need {
    std::string what;  // "criticised responses"
    std::string next;  // "judge some responses first"
};

// Log-probabilities of one reading's last ContextSequence::tokens response tokens.
struct TokenLogProbs {
    at::Tensor logP = {};    // [N] float32
    at::Tensor all = {};     // [N, V], where the objective asks for the whole vocabulary
    at::Tensor before = {};  // [N, V] by the model the round began with, where it asks for that; without gradient
};
// As TrainingExample::readings; undefined where not read. Then, where detection is read, one of each of its others.
using ExampleLogProbs = std::vector<TokenLogProbs>;

// Numbers stay on the device as scalars without gradient: a step reads them back all at once.
struct ExampleLoss {
    at::Tensor loss;               // scalar with gradient
    at::Tensor likelihood = {};    // undefined: the objective has none
    at::Tensor unlikelihood = {};  // likewise
    std::vector<char> pushed;      // cut and ftpo push these down, of a criticised example: 0 or 1 per token
    std::int64_t flagged = 0;      // tokens pushed …
    std::int64_t flaggable = 0;    // … of this many
    bool nothingFlagged = false;
    std::map<std::string, at::Tensor> measures;  // more for log.jsonl, averaged over the examples that have it
};

class Objective {
public:
    virtual ~Objective() = default;

    // --- which lines train, and on what
    virtual Need need() const = 0;
    // Why this line can't be trained on; empty when it can.
    virtual std::string lacking(const files::Example& line) const = 0;
    virtual std::vector<TextPlan> plan(const files::Example& line) const = 0;
    virtual bool needsOutput() const { return true; }        // of every line
    virtual bool needsCriticised() const { return true; }    // at least one line
    virtual bool takesAllAccepted() const { return false; }  // no down-sampling
    virtual std::size_t otherJudgments() const
    {
        return 0;
    }  // that a criticised response is read under, too (D5, calibration)

    // --- before the first step, by the weights the round begins with
    virtual bool fixesAtStart(const TrainingExample&) const { return false; }
    virtual void fixAtStart(TrainingExample&, const ExampleLogProbs&) const { }

    // --- in a step
    virtual bool readsDetection() const { return false; }
    virtual bool wholeVocabulary() const { return false; }
    virtual bool comparesWithBefore() const { return false; }  // with the model the round began with, readings Trained
    virtual ExampleLoss loss(const TrainingExample& example, const ExampleLogProbs& values) const = 0;
};

std::unique_ptr<Objective> makeObjective(const files::RoundSettings& settings);

}  // namespace stet::round
