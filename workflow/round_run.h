// The life of a round as the project records it: made, run, ended, taken up again, adopted or discarded. What the
// worker does meanwhile is in the round's folder; this is what must be written down whoever runs it, the window or
// `stet round`.
//
// Called on the thread that holds the project (StoreThread's in the window, main's in commands). Each function is whole
// when it returns: its records are on the disk. Failures are Failure(BadInput) or (Usage) with the next step.
#pragma once

#include "annotate/store/project.h"
#include "base/failure.h"
#include "contract/round.h"

#include <optional>
#include <string>
#include <vector>

namespace stet::workflow {

// Failure(Usage) when there is no such preset; the known ones are named.
void requirePreset(const std::string& preset);

// The newest round when it can go on: prepared, paused, or running when its program ended.
std::optional<annotate::RoundRecord> unfinishedRound(const annotate::Project& project);

// The newest round, when it can be finished with what its checkpoint holds: paused or failed. Failure(BadInput) else.
annotate::RoundRecord roundToKeep(const annotate::Project& project);

// Failure(BadInput) when the project has nothing that its objective learns from: a round that can't be trained would
// stay behind as a failed one.
void requireSomethingToTrain(const annotate::Project& project);

// Makes a round on what is judged, a child of `parent` (0: the base model), with its input written. Failure as the two
// above.
annotate::RoundRecord prepareRound(annotate::Project& project, int parent, const std::string& preset);

// What the plan counted: it stands in the record until the round's own report does. The share of tokens that it would
// push down stays beside the round, for the watch.
struct RoundSize {
    int criticised = 0;
    int accepted = 0;
    std::optional<double> flaggedShare = {};
};

// It runs now. The start is kept through pauses.
annotate::RoundRecord beginRound(annotate::Project& project, int number, const RoundSize& planned = {});

// How a run of the worker on a round's folder ended.
struct RoundEnd {
    enum class Outcome { Trained, Discarded, Paused, Failed };
    Outcome outcome = Outcome::Paused;
    std::string failure = {};  // the sentence, when Failed
    int steps = 0;             // in all, and done: as far as was heard; 0: not known
    int stepsDone = 0;
};

// Of the worker's reply.
RoundEnd endFromOutcome(contract::Outcome outcome);
// A failure of the worker: interrupted rounds have their checkpoint and are paused.
RoundEnd endFromFailure(const FailureReport& report);

// Writes down how it ended; a trained round's totals and steps are its report.json's. What the watch finds in one that
// is trained or failed is in its record.
annotate::RoundRecord endRound(annotate::Project& project, int number, const RoundEnd& end);

// Rounds that ran when their program ended become paused. The newest unfinished one is given back, to be offered.
std::optional<annotate::RoundRecord> takeUpInterrupted(annotate::Project& project);

// The project's model becomes the round's, 0: the base model. Failure(BadInput) when the round is not finished.
void adoptRound(annotate::Project& project, int number);
// Set aside; when it was the adopted one, the base model is again. Its files stay.
void discardRound(annotate::Project& project, int number);

}  // namespace stet::workflow
