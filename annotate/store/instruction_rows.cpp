#include "annotate/store/instruction_rows.h"

#include "annotate/store/texts.h"
#include "base/json.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <vector>

namespace stet::annotate {

struct InstructionWriter::Statements {
    explicit Statements(SQLite::Database& database)
        : known(database,
                "SELECT 1 FROM instructions WHERE asked = :asked AND in_set IN (:set, CASE WHEN :set = 'control' THEN "
                "'control' ELSE 'heldout' END) LIMIT 1")
        , taken(database, "SELECT 1 FROM instructions WHERE external_id = ? LIMIT 1")
        , insert(database,
                 "INSERT INTO instructions (in_set, external_id, instruction, input, output, messages, asked, batch) "
                 "VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        , release(database, "DELETE FROM instructions WHERE asked = ? AND in_set NOT IN ('heldout', 'control')")
    {
    }

    SQLite::Statement known;
    SQLite::Statement taken;
    SQLite::Statement insert;
    SQLite::Statement release;  // what is held out no longer waits for a response
};

InstructionWriter::InstructionWriter(SQLite::Database& database, std::string set, std::optional<std::int64_t> batch)
    : m_set(std::move(set)), m_batch(batch), m_sql(std::make_unique<Statements>(database))
{
}

InstructionWriter::~InstructionWriter() = default;

bool InstructionWriter::add(const Instruction& one)
{
    const std::string asked = askedKey(one.instruction, one.input, one.messages);
    m_sql->known.reset();
    m_sql->known.bind(":asked", asked);
    m_sql->known.bind(":set", m_set);
    if (m_sql->known.executeStep()) {
        return false;
    }
    if (m_set == kHeldOutSet && !m_batch) {
        m_sql->release.reset();
        m_sql->release.bind(1, asked);
        m_sql->release.exec();
    }
    auto& insert = m_sql->insert;
    insert.reset();
    insert.bind(1, m_set);
    insert.bind(2, freeId(one.externalId));
    insert.bind(3, one.instruction);
    insert.bind(4, one.input);
    insert.bind(5, one.output);
    insert.bind(6, one.messages);
    insert.bind(7, asked);
    if (m_batch) {
        insert.bind(8, *m_batch);
    } else {
        insert.bind(8);
    }
    insert.exec();
    return true;
}

// The worker, a comparison's choices and a response's own id tell instructions apart by it.
std::string InstructionWriter::freeId(const std::string& wanted)
{
    std::string id = wanted;
    for (;; id = std::to_string(++m_last)) {
        m_sql->taken.reset();
        m_sql->taken.bind(1, id);
        if (!id.empty() && !m_sql->taken.executeStep()) {
            return id;
        }
    }
}

void releaseHeldOut(SQLite::Database& database, std::int64_t batch)
{
    SQLite::Statement release(
        database,
        "DELETE FROM instructions WHERE in_set NOT IN ('heldout', 'control') AND asked IN (SELECT "
        "asked FROM instructions WHERE in_set = 'heldout' AND batch = ?)");
    release.bind(1, batch);
    release.exec();
}

int holdOutATenth(SQLite::Database& database, std::int64_t batch)
{
    constexpr int kLeastAsked = 40;
    constexpr int kLeast = 20;
    constexpr int kMost = 200;
    const std::string asked =
        "(SELECT id, asked, external_id, instruction, input, messages FROM responses WHERE batch = :batch AND in_set = "
        "'' UNION ALL SELECT id, asked, external_id, instruction, input, messages FROM instructions WHERE batch = "
        ":batch AND in_set NOT IN ('heldout', 'control'))";
    SQLite::Statement count(database, "SELECT count(DISTINCT asked) FROM " + asked);
    count.bind(":batch", batch);
    count.executeStep();
    const int all = count.getColumn(0).getInt();
    if (all < kLeastAsked) {
        return 0;
    }
    // By their keys: as good as drawn by lot, and the same for the same file.
    SQLite::Statement chosen(database,
                             "SELECT min(id), external_id, instruction, input, messages FROM " + asked +
                                 " GROUP BY asked ORDER BY asked LIMIT :count");
    chosen.bind(":batch", batch);
    chosen.bind(":count", std::clamp(all / 10, kLeast, kMost));
    std::vector<Instruction> list;
    while (chosen.executeStep()) {
        list.push_back({chosen.getColumn(1), chosen.getColumn(2), chosen.getColumn(3), {}, chosen.getColumn(4)});
    }
    chosen.reset();
    InstructionWriter writer(database, kHeldOutSet, batch);
    return static_cast<int>(std::count_if(list.begin(), list.end(), [&](const auto& one) { return writer.add(one); }));
}

}  // namespace stet::annotate
