// What the worker is given, made from settings, judgments and instruction sets so far: a round's round.json and
// examples.jsonl, a comparison's lines, and what the scores of one response need to flag the tokens that the round
// would (docs/headless.md).
#pragma once

#include "annotate/judgment/types.h"
#include "base/json.h"
#include "contract/score.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stet::annotate {

class InstructionSets;
class ResponseQueue;
class Rounds;
class Settings;

class RoundInput {
public:
    RoundInput(const Settings& settings, const ResponseQueue& queue, const InstructionSets& sets, const Rounds& rounds)
        : m_settings(settings), m_queue(queue), m_sets(sets), m_rounds(rounds)
    {
    }

    // Is there an example that the project's objective learns from: a criticised response, of `sft` and `ilf` also a
    // better answer alone.
    bool hasSomethingToTrain() const;
    // Writes round.json and examples.jsonl of a round into its folder.
    void writeRoundInput(int number) const;
    // The same into any folder, for a preview. between: called every few hundred examples, so that a draft gets
    // its turn; what it changes may or may not be in the files.
    void writeInput(const std::string& folder, const std::string& preset, int parent,
                    const std::function<void()>& between = {}) const;
    // The lines of what is judged, as a round's file has them, without what has no output: the same for every
    // objective.
    void judgedExamples(const std::function<void(std::string_view line)>& use) const;
    void writeCompareInput(const std::string& path) const;  // held-out, criticised and accepted (some), control

    // round.json of a round of the preset, without its parent.
    Json roundSettings(const std::string& preset) const;
    // The same with its parent, toward another objective than the project's.
    Json settingsOfObjective(const std::string& preset, int parent, const std::string& objective) const;
    // In which a round of the preset reads; what is scored, generated and compared beside it does, too.
    std::string promptStyle(const std::string& preset) const;
    std::string promptStyle() const;  // of the project's preset
    // How a round of the preset would detect: for the scores and the comparison beside it. Failure(BadInput): the
    // project's round settings are of a wrong type.
    contract::Detection detection(const std::string& preset) const;
    Threshold threshold(const std::string& preset) const;
    // Judgments of other responses for the one at hand, as a round would choose them if it were criticised: those of
    // base/other_judgments.h, and one more in case one has its own words.
    std::vector<std::string> otherJudgments(ResponseId id, const std::string& preset) const;

private:
    bool learnsFromBetterAnswersAlone() const;
    Json roundSettings(const std::string& preset, const Json& more) const;
    void addParent(Json& settings, int parent) const;
    bool offersFalseAlarmRate(const std::string& preset, const Json& round) const;
    double shownLambda(const Json& round) const;

    const Settings& m_settings;
    const ResponseQueue& m_queue;
    const InstructionSets& m_sets;
    const Rounds& m_rounds;
};

}  // namespace stet::annotate
