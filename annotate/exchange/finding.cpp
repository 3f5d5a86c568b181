#include "annotate/exchange/finding.h"

#include "base/failure.h"
#include "base/utf8.h"

#include <algorithm>
#include <string_view>

namespace stet::annotate {

namespace {

struct Kind {
    FindingKind kind;
    const char* name;
    std::vector<Remedy> remedies;
};

const std::vector<Kind>& kinds()
{
    static const std::vector<Kind> kKinds = {
        {FindingKind::Unfit, "unfit", {}},
        {FindingKind::EmptyInstruction, "empty-instruction", {Remedy::LeaveOut}},
        {FindingKind::EmptyResponse, "empty-response", {Remedy::LeaveOut}},
        {FindingKind::Encoding, "encoding", {Remedy::LeaveOut}},
        {FindingKind::EmptyJudgment, "empty-judgment", {Remedy::ToDo, Remedy::Accept, Remedy::LeaveOut}},
        {FindingKind::Placeholder, "placeholder", {Remedy::LeaveOut, Remedy::ToDo}},
        {FindingKind::Praise, "praise", {Remedy::Accept, Remedy::ToDo, Remedy::LeaveOut}},
        {FindingKind::AbsentQuote, "absent-quote", {Remedy::ToDo, Remedy::LeaveOut}},
        {FindingKind::SameTexts, "same-texts", {Remedy::LeaveOut}},
        {FindingKind::Known, "known", {Remedy::LeaveOut}},
        {FindingKind::SameId, "same-id", {Remedy::NewId, Remedy::LeaveOut}},
        {FindingKind::OthersId, "others-id", {Remedy::NewId, Remedy::LeaveOut}},
        {FindingKind::UnknownField, "field", {}}};
    return kKinds;
}

const Kind& entryOf(FindingKind kind)
{
    return *std::find_if(kinds().begin(), kinds().end(), [&](const Kind& one) { return one.kind == kind; });
}

const Kind& kindNamed(const std::string& name)
{
    const auto found = std::find_if(kinds().begin(), kinds().end(), [&](const Kind& one) { return name == one.name; });
    if (found == kinds().end()) {
        throw Failure(FailureKind::Usage, "The check has no kind '" + name + "'; kinds are " + kindNames());
    }
    return *found;
}

std::string remediesText(const Kind& kind)
{
    std::string text;
    for (const Remedy remedy : kind.remedies) {
        text += (text.empty() ? "" : ", ") + remedyName(remedy);
    }
    return text.empty() ? "nothing" : text;
}

}  // namespace

std::string excerptOf(const std::string& text)
{
    constexpr std::size_t kLongest = 300;
    const std::string_view begin = std::string_view(text).substr(0, kLongest);
    return text.size() <= kLongest ? text : std::string(begin.substr(0, completePrefix(begin))) + "…";
}

std::string kindName(FindingKind kind)
{
    return entryOf(kind).name;
}

std::string remedyName(Remedy remedy)
{
    switch (remedy) {
    case Remedy::LeaveOut:
        return "leave-out";
    case Remedy::Accept:
        return "accept";
    case Remedy::ToDo:
        return "to-do";
    case Remedy::NewId:
        return "new-id";
    case Remedy::Keep:
        break;
    }
    return "keep";
}

std::string kindNames()
{
    std::string names;
    for (const auto& kind : kinds()) {
        names += (names.empty() ? "" : ", ") + std::string(kind.name);
    }
    return names;
}

const std::vector<Remedy>& remediesOf(FindingKind kind)
{
    return entryOf(kind).remedies;
}

void addRemedy(Remedies& remedies, const std::string& kinds, Remedy remedy)
{
    for (std::size_t at = 0; at <= kinds.size() && !kinds.empty();) {
        const auto end = std::min(kinds.find(',', at), kinds.size());
        const Kind& kind = kindNamed(kinds.substr(at, end - at));
        if (std::find(kind.remedies.begin(), kind.remedies.end(), remedy) == kind.remedies.end()) {
            throw Failure(FailureKind::Usage,
                          "--" + remedyName(remedy) + " is nothing that can be done with '" + kind.name +
                              "'; can be done: " + remediesText(kind));
        }
        if (const auto [had, fresh] = remedies.emplace(kind.kind, remedy); !fresh && had->second != remedy) {
            throw Failure(FailureKind::Usage,
                          "'" + std::string(kind.name) + "' can't get both --" + remedyName(had->second) + " and --" +
                              remedyName(remedy));
        }
        at = end + 1;
    }
}

std::map<FindingKind, int> countsOf(const std::vector<Finding>& findings)
{
    std::map<FindingKind, int> counts;
    for (const auto& finding : findings) {
        ++counts[finding.kind];
    }
    return counts;
}

}  // namespace stet::annotate
