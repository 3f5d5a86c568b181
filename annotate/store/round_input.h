// What the worker is given, written from settings, judgments and instruction sets so far: a round's round.json and
// examples.jsonl, a comparison's lines (docs/headless.md).
#pragma once

#include <string>

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

    // Writes round.json and examples.jsonl of a round into its folder.
    void writeRoundInput(int number) const;
    // The same into any folder, for a preview.
    void writeInput(const std::string& folder, const std::string& preset, int parent) const;
    void writeCompareInput(const std::string& path) const;  // held-out, criticised and accepted (some), control

private:
    const Settings& m_settings;
    const ResponseQueue& m_queue;
    const InstructionSets& m_sets;
    const Rounds& m_rounds;
};

}  // namespace stet::annotate
