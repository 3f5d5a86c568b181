// The same judgments through other objectives beside CUT, from the same start and with as many steps, compared alike on
// what is held out: baselines. They lie in PROJECT/baselines, each in a round's folder of its own, are no rounds of the
// project and can't become its model.
//
// What is done stands in the folders alone: the window and `stet baselines` ask for the next job, run stet-trainer on
// it, and ask again; whatever stops them, the next one goes on there. Called on the thread that holds the project.
#pragma once

#include "annotate/store/project.h"
#include "contract/compare.h"

#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace stet::workflow {

// In the order of the table; cut is the first, because the others take as many steps as it does.
const std::vector<std::string>& baselineObjectives();
std::string baselineNames();  // "cut, sft, …", for messages
// Of "sft,dpo"; empty: all of them. Failure(Usage): there is no such objective.
std::vector<std::string> baselinesNamed(const std::string& list);

struct BaselineWish {
    std::optional<int> start =
        {};                   // the round they begin with, 0: the base model; none: as before, else the adopted one
    std::string preset = {};  // whose settings they share; empty: as before, else the project's
    std::vector<std::string> objectives = {};
    bool anew = false;  // what was done before is deleted
};

// Writes what all of them share (examples, settings, what is compared), or adds objectives to what is there. Failed
// ones are tried again. Failure(Usage): what is there has another start or other settings; (BadInput): nothing to train
// on.
void prepareBaselines(annotate::Project& project, const BaselineWish& wish);

struct BaselineJob {
    std::string objective;
    bool compares = false;  // else it trains
    int number = 1;         // of `count` objectives that can be trained
    int count = 1;
    std::string folder;                  // of the objective
    std::vector<std::string> arguments;  // of stet-trainer
};

// What is to be done next; none: everything that can be done is.
std::optional<BaselineJob> nextBaselineJob(const annotate::Project& project);
// It failed: it is passed over until the baselines are prepared again.
void failBaseline(const annotate::Project& project, const BaselineJob& job, const std::string& reason);

struct Baseline {
    enum class State { Waiting, Done, Failed, Impossible };

    std::string objective;
    State state = State::Waiting;
    bool wanted = true;  // it was asked for; else it can be
    std::string reason;  // of Failed and Impossible: a sentence
    int steps = 0;
    double seconds = 0;  // of training
    contract::CompareSummary summary;
    // Share of held-out instructions that are answered otherwise than by the start; not a number: nothing is held out.
    double changed = std::numeric_limits<double>::quiet_NaN();
};

struct BaselineTable {
    bool prepared = false;  // else nothing was trained yet, and the rows say what could be
    int start = 0;
    std::string preset;
    bool outdated = false;  // judgments have changed since
    std::vector<Baseline> rows;
};

// Every objective, with what is known of it. Failure: what is there can't be read.
BaselineTable readBaselines(const annotate::Project& project);

}  // namespace stet::workflow
