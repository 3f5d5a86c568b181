#include "annotate/store/integrity.h"

#include "annotate/store/import_batches.h"
#include "annotate/store/rounds.h"
#include "annotate/store/sql.h"
#include "base/json.h"
#include "base/sha256.h"

namespace stet::annotate {

namespace {

using Problems = std::vector<std::string>;

void checkDatabase(SQLite::Database& database, Problems& problems)
{
    SQLite::Statement integrity(database, "PRAGMA integrity_check");
    while (integrity.executeStep()) {
        if (integrity.getColumn(0).getString() != "ok") {
            problems.push_back("project.db: " + integrity.getColumn(0).getString());
        }
    }
    SQLite::Statement keys(database, "PRAGMA foreign_key_check");
    while (keys.executeStep()) {
        problems.push_back("project.db: a row of '" + keys.getColumn(0).getString() + "' refers to nothing");
    }
}

void checkTexts(SQLite::Database& database, Problems& problems)
{
    const auto changed = [&](const std::string& what) {
        problems.push_back(what + ": its text is not the one that was stored");
    };
    SQLite::Statement rows(database, "SELECT id, instruction, input, output, messages, sha256 FROM responses");
    while (rows.executeStep()) {
        if (textsHash(rows.getColumn(1), rows.getColumn(2), rows.getColumn(3), rows.getColumn(4)) !=
            rows.getColumn(5).getString()) {
            changed("response " + rows.getColumn(0).getString());
        }
    }
    for (const auto& [table, name] : {std::pair("judgments", "'judgment'"), std::pair("better_answers", "kind")}) {
        SQLite::Statement texts(database, std::string("SELECT seq, text, sha256, ") + name + " FROM " + table);
        while (texts.executeStep()) {
            if (toHex(sha256(texts.getColumn(1).getString())) != texts.getColumn(2).getString()) {
                changed(texts.getColumn(3).getString() + " " + texts.getColumn(0).getString());
            }
        }
    }
}

// The hash that the round wrote down; empty of older rounds, or when the report can't be read.
std::string writtenHash(const std::string& report)
{
    try {
        return optionalString(readJsonFile(report), "adapter_sha256", report).value_or("");
    } catch (const Failure&) {
        return {};
    }
}

// That its files are there and as the round wrote them; more is the worker's to check (stet-trainer verify).
void checkAdapter(const std::string& folder, int round, Problems& problems)
{
    const std::string name = "round " + std::to_string(round) + ": its adapter ";
    const std::string weights = folder + "/adapter_model.safetensors";
    for (const char* file : {"adapter_config.json", "adapter_model.safetensors"}) {
        std::error_code unreadable;
        const auto bytes = std::filesystem::file_size(folder + "/" + file, unreadable);
        if (unreadable || bytes == 0) {
            problems.push_back(name + "has no " + file);
        }
    }
    const std::string hash = writtenHash(folder + "/../report.json");
    if (!hash.empty() && std::filesystem::exists(weights) && sha256OfFile(weights) != hash) {
        problems.push_back(name + "is not the one that was trained");
    }
}

}  // namespace

std::vector<std::string> checkIntegrity(const ProjectFolder& project, const Rounds& rounds)
{
    return reading(project, [&](auto& database) {
        Problems problems;
        checkDatabase(database, problems);
        checkTexts(database, problems);
        for (const auto& round : rounds.rounds()) {
            if (round.state == RoundState::Finished) {
                checkAdapter(rounds.adapterFolder(round.number), round.number, problems);
            }
        }
        return problems;
    });
}

}  // namespace stet::annotate
