// Instructions nobody judges, on which rounds are compared: "heldout" and "control".
#pragma once

#include <string>
#include <vector>

namespace stet::annotate {

class ProjectFolder;

struct Instruction {
    std::string externalId;
    std::string instruction;
    std::string input;
    std::string output;  // control set: the answer that should not move; else empty
};

class InstructionSets {
public:
    explicit InstructionSets(ProjectFolder& project) : m_project(project) { }

    void addInstructions(const std::string& set, const std::vector<Instruction>& instructions);
    std::vector<Instruction> instructions(const std::string& set) const;

private:
    ProjectFolder& m_project;
};

}  // namespace stet::annotate
