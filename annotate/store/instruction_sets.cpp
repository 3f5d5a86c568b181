#include "annotate/store/instruction_sets.h"

#include "annotate/store/instruction_rows.h"
#include "annotate/store/sql.h"

#include <algorithm>

namespace stet::annotate {

namespace {

// Answered by whomever, in the trash or not.
constexpr const char* kResponsesTo = "(SELECT count(*) FROM responses r WHERE r.asked = i.asked)";

void remove(SQLite::Database& database, std::int64_t id)
{
    SQLite::Statement statement(database, "DELETE FROM instructions WHERE id = ?");
    statement.bind(1, id);
    statement.exec();
}

Instruction instructionFrom(SQLite::Statement& row)
{
    return {row.getColumn(0), row.getColumn(1), row.getColumn(2), row.getColumn(3), row.getColumn(4)};
}

}  // namespace

contract::Example exampleOf(const Instruction& one)
{
    contract::Example example;
    contract::setId(example, one.externalId);
    example.instruction = one.instruction;
    example.input = one.input;
    if (!one.messages.empty()) {
        example.messages = parseJson(one.messages, "messages");
    }
    return example;
}

int InstructionSets::addInstructions(const std::string& set, const std::vector<Instruction>& instructions,
                                     std::optional<std::int64_t> batch)
{
    return writing(m_project, [&](auto& database) {
        InstructionWriter writer(database, set, batch);
        return static_cast<int>(std::count_if(instructions.begin(), instructions.end(),
                                              [&](const Instruction& one) { return writer.add(one); }));
    });
}

std::vector<Instruction> InstructionSets::instructions(const std::string& set) const
{
    return reading(m_project, [&](auto& database) {
        std::vector<Instruction> list;
        SQLite::Statement query(database,
                                std::string("SELECT external_id, instruction, input, output, messages FROM "
                                            "instructions i WHERE in_set = ? AND ") +
                                    kVisibleInstruction + " ORDER BY id");
        query.bind(1, set);
        while (query.executeStep()) {
            list.push_back(instructionFrom(query));
        }
        return list;
    });
}

std::vector<InstructionSet> InstructionSets::instructionSets() const
{
    return reading(m_project, [&](auto& database) {
        std::vector<InstructionSet> sets = {{kWaitingSet, 0, 0}, {kHeldOutSet, 0, 0}, {kControlSet, 0, 0}};
        SQLite::Statement query(database,
                                std::string("SELECT in_set, count(*), sum(NOT EXISTS (SELECT 1 FROM responses r WHERE "
                                            "r.asked = i.asked)) FROM instructions i WHERE ") +
                                    kVisibleInstruction + " GROUP BY in_set ORDER BY in_set");
        while (query.executeStep()) {
            const std::string name = query.getColumn(0);
            auto known = std::find_if(sets.begin(), sets.end(), [&](const auto& one) { return one.name == name; });
            InstructionSet& set = known == sets.end() ? sets.emplace_back() : *known;
            set = {name, query.getColumn(1).getInt(), query.getColumn(2).getInt()};
        }
        return sets;
    });
}

bool InstructionSets::hasInstructions() const
{
    return reading(m_project, [&](auto& database) {
        SQLite::Statement query(database,
                                std::string("SELECT 1 FROM instructions i WHERE ") + kVisibleInstruction + " LIMIT 1");
        return query.executeStep();
    });
}

std::vector<InstructionRow> InstructionSets::instructionRows(const std::string& set, const std::string& search,
                                                             std::int64_t after, int limit) const
{
    return reading(m_project, [&](auto& database) {
        std::vector<InstructionRow> rows;
        SQLite::Statement query(database,
                                std::string("SELECT id, instruction, input, ") + kResponsesTo +
                                    " FROM instructions i WHERE in_set = :set AND id > :after AND " +
                                    kVisibleInstruction +
                                    " AND (:search = '' OR instr(lower(instruction), lower(:search)) OR "
                                    "instr(lower(input), lower(:search))) ORDER BY id LIMIT :limit");
        query.bind(":set", set);
        query.bind(":after", after);
        query.bind(":search", search);
        query.bind(":limit", limit);
        while (query.executeStep()) {
            const std::string input = query.getColumn(2);
            rows.push_back({query.getColumn(0).getInt64(),
                            query.getColumn(1).getString() + (input.empty() ? "" : "\n" + input),
                            query.getColumn(3).getInt()});
        }
        return rows;
    });
}

void InstructionSets::removeInstructions(const std::vector<std::int64_t>& ids)
{
    writing(m_project, [&](auto& database) {
        for (const auto id : ids) {
            remove(database, id);
        }
    });
}

void InstructionSets::moveInstructions(const std::vector<std::int64_t>& ids, const std::string& set)
{
    writing(m_project, [&](auto& database) {
        InstructionWriter writer(database, set, std::nullopt);
        for (const auto id : ids) {
            SQLite::Statement query(
                database, "SELECT external_id, instruction, input, output, messages FROM instructions WHERE id = ?");
            query.bind(1, id);
            if (query.executeStep()) {
                const Instruction one = instructionFrom(query);
                query.reset();
                remove(database, id);
                writer.add(one);
            }
        }
    });
}

}  // namespace stet::annotate
