// The sub-commands of `stet`, one function each: what is printed is for people and scripts (docs/headless.md). Each
// throws Failure with the sentence for standard error and the exit code. Main thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stet::app {

// What the command line said; each sub-command reads the fields its options set.
struct Arguments {
    std::string project;
    std::string file;
    std::string format = "auto";
    std::string filter = "all";
    std::string model;
    std::string preset;  // empty: the project's
    std::string id;
    std::string text;
    std::optional<std::string> revision;  // of a response: as it should have been
    std::string round;
    std::vector<std::string> fields;  // settings of rounds, each FIELD=VALUE
    std::string program;              // that a model is taken to
    bool accept = false;
    bool skip = false;
    std::string objectives;  // of baselines; empty: all
    bool anew = false;       // baselines: what was done before is deleted
    bool asJson = false;
    bool keep = false;  // finish a round with what its checkpoint holds
    bool real = false;  // of the examples the one with a real model
    std::string set;    // of instructions
    std::string columns;
    std::string leaveOut;  // kinds of what the check of an import finds; so below
    std::string acceptKinds;
    std::string toDo;
    std::string newId;
    bool checkOnly = false;
    std::int64_t import = 0;  // 0: the newest
    std::string holdOut = "auto";
    int fresh = -1;  // −1: not said; so below
    int limit = -1;
    int samples = 1;
    int maxNewTokens = -1;
    int batch = 8;
    double temperature = 0;
    double topP = 1;
    std::uint64_t seed = 42;
};

// Projects and data files: project_commands.cpp.
void newProject(const Arguments& a);
void exampleProject(const Arguments& a);
void exportFrom(const Arguments& a);
void checkProject(const Arguments& a);
// Reads what can be read and writes a fresh project; the damaged one is left as it is.
void recoverProject(const Arguments& a);
// Puts a backup in the place of the database; what was there is kept.
void restoreProject(const Arguments& a);

// Data files in: import_commands.cpp.
void importInto(const Arguments& a);
void listImports(const Arguments& a);
void undoImportOf(const Arguments& a);

// Judging: judge_commands.cpp.
void listResponses(const Arguments& a);
void judgeResponse(const Arguments& a);
void markQuotedWords(const Arguments& a);

// Instructions and the responses of a model to them: generate_command.cpp.
void listSets(const Arguments& a);
void generateResponses(const Arguments& a);

// Judgments that a model suggests: draft_command.cpp.
void draftJudgments(const Arguments& a);

// Rounds, with the worker: round_commands.cpp.
void trainRound(const Arguments& a);
void compareRound(const Arguments& a);
void adoptRound(const Arguments& a);

// How rounds are trained: settings_command.cpp. Prints what would train, with every setting.
void changeSettings(const Arguments& a);

// The same judgments through other objectives, with the worker: baseline_commands.cpp.
void trainBaselines(const Arguments& a);

// A round's model leaves the project, with the worker: model_commands.cpp.
void exportModel(const Arguments& a);
// Exports in the form a program reads, and prints the line that starts it.
void useModel(const Arguments& a);

}  // namespace stet::app
