// Instructions as rows: written into a set once, held out of an import. annotate/store only, inside a transaction of
// the caller's.
#pragma once

#include "annotate/store/instruction_sets.h"

#include <cstdint>
#include <optional>
#include <string>

namespace SQLite {
class Database;
}

namespace stet::annotate {

// Rows of an import that nobody has seen yet are none; i: the instructions.
constexpr const char* kVisibleInstruction =
    "(i.batch IS NULL OR i.batch IN (SELECT id FROM batches WHERE published = 1))";

// Writes instructions of one set, one after the other.
class InstructionWriter {
public:
    InstructionWriter(SQLite::Database& database, std::string set, std::optional<std::int64_t> batch);
    ~InstructionWriter();
    InstructionWriter(const InstructionWriter&) = delete;
    InstructionWriter& operator=(const InstructionWriter&) = delete;

    // False: the set has it already, or it is held out and the set is another; nothing is written.
    bool add(const Instruction& one);

private:
    struct Statements;

    std::string freeId(const std::string& wanted);

    std::string m_set;
    std::optional<std::int64_t> m_batch;
    std::unique_ptr<Statements> m_sql;
    std::int64_t m_last = 0;  // number given to one without an id
};

// What a batch holds out waits no longer.
void releaseHeldOut(SQLite::Database& database, std::int64_t batch);

// Holds out a tenth of what a batch asks; how many.
int holdOutATenth(SQLite::Database& database, std::int64_t batch);

}  // namespace stet::annotate
