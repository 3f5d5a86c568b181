// What the check of an import says about a row, in kinds, and what can be done about each kind. Values; any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace stet::annotate {

enum class FindingKind {
    Unfit,  // the format's reader can't make a row of it; left out in any case
    EmptyInstruction,
    EmptyResponse,
    Encoding,  // it holds the replacement character
    EmptyJudgment,
    Placeholder,
    Praise,       // stored as criticism
    AbsentQuote,  // the judgment quotes what the response lacks
    SameTexts,    // as an earlier row
    Known,        // the project has this response
    SameId,       // as an earlier row
    OthersId,     // of another response of the project
    UnknownField,
};

// What may be done with the rows of a kind; Keep: nothing.
enum class Remedy { Keep, LeaveOut, Accept, ToDo, NewId };

struct Finding {
    FindingKind kind = FindingKind::Unfit;
    int row = 0;     // from 1
    std::string id;  // external id, JSON text
    std::string problem;
    std::string suggestion;
    std::string excerpt;  // of the text it is about: the judgment, else the response
};

// The beginning of a text, so that a million findings fit into the memory.
std::string excerptOf(const std::string& text);

// A remedy for each kind that gets one.
using Remedies = std::map<FindingKind, Remedy>;

// The words of the command line: "placeholder", "leave-out".
std::string kindName(FindingKind kind);
std::string remedyName(Remedy remedy);
std::string kindNames();

// Beside Keep; the first is what is usually wanted. Empty: it is only pointed out.
const std::vector<Remedy>& remediesOf(FindingKind kind);

// Gives the kinds of a list ("placeholder,known") this remedy. Failure(Usage): there is no such kind, or the remedy is
// none for it.
void addRemedy(Remedies& remedies, const std::string& kinds, Remedy remedy);

// How often each kind was found.
std::map<FindingKind, int> countsOf(const std::vector<Finding>& findings);

}  // namespace stet::annotate
