// Judgments that a model drafted: what its answer is worth, and whose a judgment is that began as a draft.
//
// A drafted judgment is a response's hint with a model as its author; an empty hint of a model's says that nothing is
// wrong. Nothing learns from a hint. Called by workflow/drafting and by the store. Pure, any thread.
#pragma once

#include "annotate/judgment/types.h"

#include <string>

namespace stet::annotate {

struct DraftReading {
    enum class Kind {
        Criticism,
        NothingWrong,
        Empty,
        Copy,        // says the response or the instruction again
        Unfinished,  // cut off within its first sentence
    };
    Kind kind = Kind::Empty;
    std::string text;  // of a criticism: whole sentences, none of them twice

    bool isUsable() const { return kind == Kind::Criticism || kind == Kind::NothingWrong; }
};

// What a model answered when it was asked what is wrong with a response. nothingWrong: what it was told to write where
// nothing is.
DraftReading readDraft(const std::string& answer, bool stoppedByLength, const ResponseItem& of,
                       const std::string& nothingWrong);

// Is there a draft that a model wrote, reviewed or not?
bool isDrafted(const ResponseItem& item);

// Nobody has judged it or suggested a judgment, nor dropped one.
bool waitsForDraft(const ResponseItem& item);

// Of a verdict that is given to the item now. As the model drafted it: the model's. With half of the draft's words or
// more in it: the person's, with the model that it is from (docs/project-folder.md). Else the person's alone.
Author judgmentAuthor(const ResponseItem& item, Verdict verdict, const std::string& judgment, const Author& person);

}  // namespace stet::annotate
