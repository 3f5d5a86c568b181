// Instructions nobody judges, in sets: "heldout" and "control", on which rounds are compared, and those that wait for a
// response by the model ("instructions", or a name of the person's own).
#pragma once

#include "annotate/judgment/types.h"
#include "contract/example.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stet::annotate {

class ProjectFolder;

struct Instruction {
    std::string externalId;  // as JSON text
    std::string instruction;
    std::string input;
    std::string output;    // control set: the answer that should not move; else empty
    std::string messages;  // a conversation that ends with the instruction, as JSON text; empty: none
};

contract::Example exampleOf(const Instruction& one);  // without its output

class InstructionSets {
public:
    explicit InstructionSets(ProjectFolder& project) : m_project(project) { }

    // Adds what the set doesn't have yet, told by the texts; what is held out comes into no other set but control, and
    // what becomes held out waits no longer. One without an id, or with another's, gets the next free number. With a
    // batch they appear when it is published. How many were added.
    int addInstructions(const std::string& set, const std::vector<Instruction>& instructions,
                        std::optional<std::int64_t> batch = std::nullopt);
    std::vector<Instruction> instructions(const std::string& set) const;

    std::vector<InstructionSet> instructionSets() const;  // the three that have a meaning first, also when empty
    bool hasInstructions() const;                         // in any set
    // The next of a set whose id is larger; text is searched for in instruction and input.
    std::vector<InstructionRow> instructionRows(const std::string& set, const std::string& search, std::int64_t after,
                                                int limit) const;
    void removeInstructions(const std::vector<std::int64_t>& ids);
    void moveInstructions(const std::vector<std::int64_t>& ids, const std::string& set);

private:
    ProjectFolder& m_project;
};

}  // namespace stet::annotate
