#include "annotate/store/instruction_sets.h"

#include "annotate/store/sql.h"

namespace stet::annotate {

void InstructionSets::addInstructions(const std::string& set, const std::vector<Instruction>& instructions)
{
    writing(m_project, [&](auto& database) {
        SQLite::Statement insert(
            database,
            "INSERT INTO instructions (in_set, external_id, instruction, input, output) VALUES (?, ?, ?, ?, ?)");
        for (const auto& one : instructions) {
            insert.reset();
            insert.bind(1, set);
            insert.bind(2, one.externalId);
            insert.bind(3, one.instruction);
            insert.bind(4, one.input);
            insert.bind(5, one.output);
            insert.exec();
        }
    });
}

std::vector<Instruction> InstructionSets::instructions(const std::string& set) const
{
    return reading(m_project, [&](auto& database) {
        std::vector<Instruction> list;
        SQLite::Statement query(
            database, "SELECT external_id, instruction, input, output FROM instructions WHERE in_set = ? ORDER BY id");
        query.bind(1, set);
        while (query.executeStep()) {
            list.push_back({query.getColumn(0), query.getColumn(1), query.getColumn(2), query.getColumn(3)});
        }
        return list;
    });
}

}  // namespace stet::annotate
