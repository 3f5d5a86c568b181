// Rounds: their records, their folders, and what they are given from the judgments so far.
#include "annotate/store/project.h"
#include "annotate/store/sql.h"
#include "base/files.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace stet::annotate {

namespace fs = std::filesystem;

namespace {

// An external id is JSON text: 12 or "a-7".
Json idJson(const std::string& externalId)
{
    const Json parsed = Json::parse(externalId, nullptr, false);
    return parsed.is_discarded() ? Json(externalId) : parsed;
}

Json exampleLine(const ResponseItem& item)
{
    Json line = {{"id", idJson(item.externalId)}, {"instruction", item.instruction}};
    if (!item.input.empty()) {
        line["input"] = item.input;
    }
    line["output"] = item.output;
    line["judgment"] = item.verdict == Verdict::Criticised ? Json(item.judgment) : Json();
    if (!item.marks.empty()) {
        line["marks"] = parseJson(marksToJson(item.marks), "marks");
    }
    if (item.stoppedByLength) {
        line["stopped"] = "length";
    }
    return line;
}

constexpr const char* kColumns =
    "number, parent, state, preset, criticised, accepted, steps, steps_done, failure, started, finished, summary";

}  // namespace

std::string Project::roundFolder(int number) const
{
    char name[32];
    std::snprintf(name, sizeof name, "/rounds/%04d", number);
    return m_folder + name;
}

std::string Project::adapterFolder(int number) const
{
    return number == 0 ? std::string() : roundFolder(number) + "/adapter";
}

std::vector<RoundRecord> Project::rounds() const
{
    return guardedSql(m_folder, [&] {
        const int current = currentRound();
        std::vector<RoundRecord> list;
        SQLite::Statement query(*m_database, std::string("SELECT ") + kColumns + " FROM rounds ORDER BY number");
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

int Project::addRound(int parent, const std::string& preset)
{
    requireWritable();
    const int number = guardedSql(m_folder, [&] {
        SQLite::Statement insert(
            *m_database,
            std::string("INSERT INTO rounds (") + kColumns +
                ") SELECT coalesce(max(number), 0) + 1, ?, 0, ?, 0, 0, 0, 0, '', '', '', '' FROM rounds");
        insert.bind(1, parent);
        insert.bind(2, preset);
        insert.exec();
        return static_cast<int>(m_database->getLastInsertRowid());
    });
    std::error_code error;
    fs::create_directories(roundFolder(number), error);
    if (error) {
        throw badInput("Cannot create " + roundFolder(number) + ": " + describeErrno(error.value()));
    }
    return number;
}

void Project::updateRound(const RoundRecord& round)
{
    requireWritable();
    guardedSql(m_folder, [&] {
        SQLite::Statement update(
            *m_database,
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

int Project::currentRound() const
{
    return std::stoi(setting("current_round", "0"));
}

void Project::adopt(int round)
{
    setSetting("current_round", std::to_string(round));
}

void Project::writeExamples(const std::string& path) const
{
    std::string lines;
    for (const auto filter : {QueueFilter::Criticised, QueueFilter::Accepted}) {
        for (const auto id : ids(filter)) {
            lines += toLine(exampleLine(*item(id))) + "\n";
        }
    }
    publishFile(path, lines);
}

void Project::writeRoundInput(int number) const
{
    const auto all = rounds();
    const auto it = std::find_if(all.begin(), all.end(), [&](const auto& round) { return round.number == number; });
    if (it == all.end()) {
        throw badInput("The project " + m_folder + " has no round " + std::to_string(number));
    }
    writeInput(roundFolder(number), it->preset, it->parent);
}

void Project::writeInput(const std::string& folder, const std::string& preset, int parent) const
{
    Json json = {{"model", setting("model")}, {"preset", preset}, {"prompt_style", setting("prompt_style", "auto")}};
    json["lambda"] = std::stod(setting("lambda", "1.1"));
    json["contrast"] = setting("contrast", "D1");
    const Json more = parseJson(setting("round", "{}"), "the project's round settings");
    for (const auto& [field, value] : more.items()) {
        json[field] = value;
    }
    if (parent > 0) {
        json["parent"] = {{"adapter", adapterFolder(parent)}, {"how", "merge"}};
    }
    writeExamples(folder + "/examples.jsonl");
    publishFile(folder + "/round.json", json.dump(2) + "\n");
}

void Project::writeCompareInput(const std::string& path) const
{
    constexpr std::size_t kMostScored = 100;
    std::string lines;
    for (const auto& one : instructions("heldout")) {
        Json line = {{"id", idJson(one.externalId)}, {"instruction", one.instruction}};
        if (!one.input.empty()) {
            line["input"] = one.input;
        }
        lines += toLine(line) + "\n";
    }
    for (const auto filter : {QueueFilter::Criticised, QueueFilter::Accepted}) {
        auto some = ids(filter);
        some.resize(std::min(some.size(), kMostScored));
        for (const auto id : some) {
            lines += toLine(exampleLine(*item(id))) + "\n";
        }
    }
    for (const auto& one : instructions("control")) {
        lines += toLine({{"id", idJson(one.externalId)},
                         {"instruction", one.instruction},
                         {"output", one.output},
                         {"set", "control"}}) +
            "\n";
    }
    publishFile(path, lines);
}

void Project::setChoice(int round, const std::string& item, const std::string& preference)
{
    requireWritable();
    guardedSql(m_folder, [&] {
        SQLite::Statement insert(*m_database,
                                 "INSERT INTO choices VALUES (?, ?, ?) ON CONFLICT (round, item) DO UPDATE SET "
                                 "preference = excluded.preference");
        insert.bind(1, round);
        insert.bind(2, item);
        insert.bind(3, preference);
        insert.exec();
    });
}

std::vector<std::pair<std::string, std::string>> Project::choices(int round) const
{
    return guardedSql(m_folder, [&] {
        std::vector<std::pair<std::string, std::string>> list;
        SQLite::Statement query(*m_database, "SELECT item, preference FROM choices WHERE round = ?");
        query.bind(1, round);
        while (query.executeStep()) {
            list.emplace_back(query.getColumn(0).getString(), query.getColumn(1).getString());
        }
        return list;
    });
}

}  // namespace stet::annotate
