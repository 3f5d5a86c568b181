#include "annotate/store/integrity.h"

#include "annotate/store/import_batches.h"
#include "annotate/store/rounds.h"
#include "annotate/store/sql.h"
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
    SQLite::Statement rows(database, "SELECT id, instruction, input, output, sha256 FROM responses");
    while (rows.executeStep()) {
        if (textsHash(rows.getColumn(1), rows.getColumn(2), rows.getColumn(3)) != rows.getColumn(4).getString()) {
            changed("response " + rows.getColumn(0).getString());
        }
    }
    SQLite::Statement judgments(database, "SELECT seq, text, sha256 FROM judgments");
    while (judgments.executeStep()) {
        if (toHex(sha256(judgments.getColumn(1).getString())) != judgments.getColumn(2).getString()) {
            changed("judgment " + judgments.getColumn(0).getString());
        }
    }
}

// That its files are there and not cut off; what is in them is the worker's to check (stet-trainer verify).
void checkAdapter(const std::string& folder, int round, Problems& problems)
{
    for (const char* file : {"adapter_config.json", "adapter_model.safetensors"}) {
        std::error_code unreadable;
        const auto bytes = std::filesystem::file_size(folder + "/" + file, unreadable);
        if (unreadable || bytes == 0) {
            problems.push_back("round " + std::to_string(round) + ": its adapter has no " + file);
        }
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
