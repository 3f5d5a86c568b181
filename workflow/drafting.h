// Judgments drafted by a model: of which responses, what the worker is asked, what comes of its answers. The window and
// `stet draft` ask alike. A draft waits as a suggestion for a person to take, edit or drop; no round ever learns from
// it. What has a suggestion is not drafted again, so that whatever interrupted it, the same request goes on.
//
// A model is asked as in a conversation, by the text of resources/prompts/drafting.json: one without a chat template
// can't be. Called on the thread that holds the project.
#pragma once

#include "annotate/judgment/drafted_judgment.h"
#include "annotate/store/project.h"
#include "contract/generate.h"

#include <optional>
#include <string>
#include <vector>

namespace stet::workflow {

struct DraftingWish {
    std::string model;  // folder or file; empty: the project's model, with the adopted round
    annotate::QueueFilter filter = annotate::QueueFilter::Open;  // of it those that nobody has judged
    std::optional<int> limit = std::nullopt;                     // at most so many responses
};

struct Drafting {
    std::string model;
    std::string adapter;      // folder; empty: the model as it is
    annotate::Author author;  // of what it writes
    contract::Sampling sampling;
    std::vector<annotate::ResponseId> responses;  // that wait, and have no suggestion
};

Drafting planDrafting(const annotate::Project& project, const DraftingWish& wish);

// What the worker is asked about a response, in prompt style `chat`. Failure(BadInput): the text that asks is missing
// or lacks a place.
contract::Example draftQuestion(const annotate::Project& project, annotate::ResponseId response);

// What came of an answer; of one that is no judgment nothing is stored.
struct DraftTaken {
    annotate::ResponseId response;
    annotate::DraftReading::Kind kind = annotate::DraftReading::Kind::Empty;
    bool stored = false;  // false, too: somebody was quicker
};
DraftTaken takeDraft(annotate::Project& project, const Drafting& drafting, const contract::GeneratedLine& line);

// What came of the answers. After kHopeless that are no judgments and not one draft there is no use in going on.
struct DraftTally {
    static constexpr int kHopeless = 10;
    int asked = 0;
    int drafted = 0;
    int empty = 0;
    int copies = 0;
    int unfinished = 0;

    void add(const DraftTaken& taken);
    int unusable() const { return empty + copies + unfinished; }
    bool isHopeless() const { return unusable() >= kHopeless && drafted == 0; }
};

}  // namespace stet::workflow
