#include "workflow/drafting.h"

#include "base/failure.h"
#include "base/json.h"
#include "base/resources.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

namespace stet::workflow {

using annotate::AuthorKind;
using annotate::DraftReading;
using annotate::Project;
using annotate::ResponseId;
using annotate::ResponseItem;

namespace {

constexpr int kItemsAtOnce = 200;
constexpr int kDraftTokens = 160;  // two sentences with quotes

struct DraftingPrompt {
    std::string ask;  // with {instruction} and {output}
    std::string nothingWrong;
};

DraftingPrompt readPrompt()
{
    const std::string path = resourcePath("prompts/drafting.json");
    const Json json = readJsonFile(path);
    DraftingPrompt prompt{requiredString(json, "ask", path), requiredString(json, "nothing_wrong", path)};
    for (const char* place : {"{instruction}", "{output}"}) {
        if (prompt.ask.find(place) == std::string::npos) {
            throw badInput(path + ": the text 'ask' must hold " + place);
        }
    }
    return prompt;
}

// In one pass: braces in the texts that are put in are text.
std::string filled(std::string_view text, const std::string& instruction, const std::string& output)
{
    const std::array<std::pair<std::string_view, const std::string*>, 2> places = {
        {{"{instruction}", &instruction}, {"{output}", &output}}};
    std::string result;
    while (!text.empty()) {
        const auto place =
            std::find_if(places.begin(), places.end(), [&](const auto& one) { return text.starts_with(one.first); });
        if (place == places.end()) {
            result += text.front();
            text.remove_prefix(1);
        } else {
            result += *place->second;
            text.remove_prefix(place->first.size());
        }
    }
    return result;
}

// With the turns before it and its input, as a person sees it.
std::string whatWasAsked(const ResponseItem& item)
{
    std::string text;
    const Json turns = item.messages.empty() ? Json::array() : parseJson(item.messages, "messages");
    for (std::size_t i = 0; i + 1 < turns.size(); ++i) {
        text += turns[i].value("role", "") + ": " + turns[i].value("content", "") + "\n";
    }
    return text + item.instruction + (item.input.empty() ? "" : "\n" + item.input);
}

}  // namespace

Drafting planDrafting(const Project& project, const DraftingWish& wish)
{
    if (wish.limit && *wish.limit < 1) {
        throw Failure(FailureKind::Usage, "The number of drafts must be at least 1");
    }
    Drafting drafting;
    drafting.model = wish.model.empty() ? project.setting("model") : wish.model;
    drafting.author = {AuthorKind::Model, {}, drafting.model, std::nullopt};
    if (wish.model.empty()) {
        drafting.author.round = project.currentRound();
        drafting.adapter = project.adapterFolder(project.currentRound());
    }
    drafting.sampling.maxNewTokens = kDraftTokens;
    const auto most = static_cast<std::size_t>(wish.limit.value_or(std::numeric_limits<int>::max()));
    for (ResponseId after; drafting.responses.size() < most;) {
        const auto left = std::min<std::size_t>(kItemsAtOnce, most - drafting.responses.size());
        const auto ids = project.undrafted(wish.filter, after, static_cast<int>(left));
        if (ids.empty()) {
            break;
        }
        drafting.responses.insert(drafting.responses.end(), ids.begin(), ids.end());
        after = ids.back();
    }
    return drafting;
}

contract::Example draftQuestion(const Project& project, ResponseId response)
{
    const auto item = project.item(response);
    if (!item) {
        throw badInput("Response " + std::to_string(response.value) + " is not in the project " + project.folder());
    }
    contract::Example question;
    contract::setId(question, std::to_string(response.value));
    question.instruction = filled(readPrompt().ask, whatWasAsked(*item), item->output);
    return question;
}

DraftTaken takeDraft(Project& project, const Drafting& drafting, const contract::GeneratedLine& line)
{
    DraftTaken taken;
    taken.response = {line.id.is_number_integer() ? line.id.get<std::int64_t>() : 0};
    const auto item = project.item(taken.response);
    if (!item) {
        return taken;
    }
    const DraftReading draft =
        annotate::readDraft(line.output, line.stopped == contract::Stopped::Length, *item, readPrompt().nothingWrong);
    taken.kind = draft.kind;
    taken.stored = draft.isUsable() && project.addDraftedJudgment(item->id, draft.text, drafting.author);
    return taken;
}

void DraftTally::add(const DraftTaken& taken)
{
    using Kind = DraftReading::Kind;
    ++asked;
    drafted += taken.stored ? 1 : 0;
    empty += taken.kind == Kind::Empty ? 1 : 0;
    copies += taken.kind == Kind::Copy ? 1 : 0;
    unfinished += taken.kind == Kind::Unfinished ? 1 : 0;
}

}  // namespace stet::workflow
