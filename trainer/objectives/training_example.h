// One line of a round's examples as it trains: token ids of every text an objective reads of it, and what was fixed
// before the first step. Plain values; made by training_set, read by objectives.
#pragma once

#include "trainer/files/example_lines.h"
#include "trainer/model/batch/sequence_batch.h"
#include "trainer/score/response_log_probs.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stet::round {

enum class Use { Trained, Detection };  // Detection: read without gradient and without dropout

// One response after one prompt.
struct ContextSequence {
    std::string key;  // tells an example's readings apart, and names its dropout masks: "plain", "judged"
    Use use = Use::Trained;
    score::Sequence sequence;
    std::int64_t tokens = 0;  // its last response tokens that count: the same in all contexts of one text
};

// What the flags of the start were made from, and what false alarms are counted with. Not in checkpoints.
struct StartRatios {
    std::vector<double> logP;                 // of each token in the plain context
    std::vector<double> own;                  // one per token
    std::vector<std::vector<double>> others;  // under each of the other judgments, where some are read
};

struct TrainingExample {
    files::Example source;
    bool criticised = false;
    std::vector<ContextSequence> readings;  // in the objective's order; the first is what probe.json is made of
    std::vector<score::Sequence>
        others;  // contrast D5 and calibration: the first text after other examples' judgments; detection alone
    std::vector<int> marks;  // +1 flag, −1 clear, 0; one per response token of the first reading
    std::vector<int> words;  // detect::wordsOf, likewise
    StartRatios startRatios;
    std::vector<char> flags;        // cut with FlagTime::Start: fixed before the first step
    std::vector<double> reference;  // dpo: log-probability of each reading by the model before the first step
    std::int64_t tokens = 0;        // response tokens trained on, each text once

    // Of its readings, which go through the model together.
    model::BatchShape shape() const
    {
        model::BatchShape all;
        for (const ContextSequence& reading : readings) {
            all.add(reading.sequence);
        }
        return all;
    }
};

}  // namespace stet::round
