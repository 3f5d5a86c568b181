#include "annotate/store/rounds.h"

#include "annotate/store/settings.h"
#include "annotate/store/sql.h"
#include "base/files.h"

#include <cstdio>

namespace stet::annotate {

namespace fs = std::filesystem;

namespace {

constexpr const char* kColumns =
    "number, parent, state, preset, criticised, accepted, steps, steps_done, failure, started, finished, summary";

}  // namespace

std::string Rounds::roundFolder(int number) const
{
    char name[32];
    std::snprintf(name, sizeof name, "/rounds/%04d", number);
    return m_project.folder() + name;
}

std::string Rounds::adapterFolder(int number) const
{
    return number == 0 ? std::string() : roundFolder(number) + "/adapter";
}

std::vector<RoundRecord> Rounds::rounds() const
{
    return reading(m_project, [&](auto& database) {
        const int current = currentRound();
        std::vector<RoundRecord> list;
        SQLite::Statement query(database, std::string("SELECT ") + kColumns + " FROM rounds ORDER BY number");
        while (query.executeStep()) {
            RoundRecord round;
            round.number = query.getColumn(0).getInt();
            round.parent = query.getColumn(1).getInt();
            round.state = static_cast<RoundState>(query.getColumn(2).getInt());
            round.preset = query.getColumn(3).getString();
            round.criticised = query.getColumn(4).getInt();
            round.accepted = query.getColumn(5).getInt();
            round.steps = query.getColumn(6).getInt();
            round.stepsDone = query.getColumn(7).getInt();
            round.failure = query.getColumn(8).getString();
            round.startedAt = query.getColumn(9).getString();
            round.finishedAt = query.getColumn(10).getString();
            round.summaryJson = query.getColumn(11).getString();
            round.adopted = round.number == current;
            list.push_back(round);
        }
        return list;
    });
}

RoundRecord Rounds::round(int number) const
{
    for (const auto& round : rounds()) {
        if (round.number == number) {
            return round;
        }
    }
    throw badInput("The project " + m_project.folder() + " has no round " + std::to_string(number));
}

int Rounds::addRound(int parent, const std::string& preset)
{
    const int number = writing(m_project, [&](auto& database) {
        SQLite::Statement insert(
            database,
            std::string("INSERT INTO rounds (") + kColumns +
                ") SELECT coalesce(max(number), 0) + 1, ?, 0, ?, 0, 0, 0, 0, '', '', '', '' FROM rounds");
        insert.bind(1, parent);
        insert.bind(2, preset);
        insert.exec();
        return static_cast<int>(database.getLastInsertRowid());
    });
    std::error_code error;
    fs::create_directories(roundFolder(number), error);
    if (error) {
        throw badInput("Cannot create " + roundFolder(number) + ": " + describeErrno(error.value()));
    }
    return number;
}

void Rounds::updateRound(const RoundRecord& round)
{
    writing(m_project, [&](auto& database) {
        SQLite::Statement update(
            database,
            "UPDATE rounds SET state = ?, criticised = ?, accepted = ?, steps = ?, steps_done = ?, failure = ?, "
            "started = ?, finished = ?, summary = ? WHERE number = ?");
        update.bind(1, static_cast<int>(round.state));
        update.bind(2, round.criticised);
        update.bind(3, round.accepted);
        update.bind(4, round.steps);
        update.bind(5, round.stepsDone);
        update.bind(6, round.failure);
        update.bind(7, round.startedAt);
        update.bind(8, round.finishedAt);
        update.bind(9, round.summaryJson);
        update.bind(10, round.number);
        update.exec();
    });
}

int Rounds::currentRound() const
{
    return std::stoi(m_settings.setting("current_round", "0"));
}

void Rounds::adopt(int round)
{
    m_settings.setSetting("current_round", std::to_string(round));
}

void Rounds::setChoice(int round, const std::string& item, const std::string& preference)
{
    writing(m_project, [&](auto& database) {
        SQLite::Statement insert(database,
                                 "INSERT INTO choices VALUES (?, ?, ?) ON CONFLICT (round, item) DO UPDATE SET "
                                 "preference = excluded.preference");
        insert.bind(1, round);
        insert.bind(2, item);
        insert.bind(3, preference);
        insert.exec();
    });
}

std::vector<std::pair<std::string, std::string>> Rounds::choices(int round) const
{
    return reading(m_project, [&](auto& database) {
        std::vector<std::pair<std::string, std::string>> list;
        SQLite::Statement query(database, "SELECT item, preference FROM choices WHERE round = ?");
        query.bind(1, round);
        while (query.executeStep()) {
            list.emplace_back(query.getColumn(0).getString(), query.getColumn(1).getString());
        }
        return list;
    });
}

}  // namespace stet::annotate
