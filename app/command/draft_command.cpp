// draft: judgments by a model, as suggestions for a person. The worker is run as a child; each draft is the project's
// as soon as it is written.
#include "app/command/commands.h"

#include "app/command/generation_child.h"
#include "app/command/project_access.h"
#include "app/command/trainer_process.h"
#include "base/failure.h"
#include "base/json.h"
#include "workflow/drafting.h"

#include <algorithm>
#include <filesystem>
#include <iostream>

namespace stet::app {

using namespace annotate;

namespace {

constexpr std::size_t kQuestionsAtOnce = 1000;

// Asked in no conversation, a model goes on with the text and judges nothing.
void requireChat(const std::string& model)
{
    std::string described;
    const TrainerEnd end =
        runTrainer({"describe", "--model", model}, [&](const std::string& line) { described += line; });
    if (end.code != 0) {
        throw Failure(workerFailure(end.code), "The model " + model + " can't be used; see above");
    }
    if (!parseJson(described, "the worker's description").value("chat_template", false)) {
        throw Failure(FailureKind::ModelRefused,
                      "The model " + model +
                          " has no chat template, so it can't be asked for a judgment; name one that has: --model DIR");
    }
}

std::string tallyText(const workflow::DraftTally& tally)
{
    std::string text;
    const auto add = [&](int count, const char* what) {
        if (count > 0) {
            text += (text.empty() ? "" : ", ") + std::to_string(count) + what;
        }
    };
    add(tally.copies, " copied what they were to judge");
    add(tally.unfinished, " did not come to an end");
    add(tally.empty, " were empty");
    return text;
}

Failure noJudgments(const workflow::Drafting& drafting, const workflow::DraftTally& tally)
{
    return Failure(FailureKind::ModelRefused,
                   "None of the first " + std::to_string(tally.asked) + " answers of " + drafting.model +
                       " is a judgment (" + tallyText(tally) +
                       "), so nothing was stored; larger models judge better: --model DIR");
}

void takeAnswer(Project& project, const workflow::Drafting& drafting, const contract::GeneratedLine& line,
                workflow::DraftTally& tally)
{
    tally.add(workflow::takeDraft(project, drafting, line));
    if (tally.isHopeless()) {
        throw noJudgments(drafting, tally);
    }
}

workflow::DraftTally draft(Project& project, const workflow::Drafting& drafting)
{
    workflow::DraftTally tally;
    const auto& all = drafting.responses;
    for (std::size_t i = 0; i < all.size(); i += kQuestionsAtOnce) {
        ChildGeneration generation{drafting.model, drafting.adapter, "chat", drafting.sampling, {}};
        for (std::size_t k = i; k < std::min(all.size(), i + kQuestionsAtOnce); ++k) {
            generation.examples.push_back(workflow::draftQuestion(project, all[k]));
        }
        generateInChild(
            generation, [&](const auto& line) { takeAnswer(project, drafting, line, tally); },
            [&] {
                return std::to_string(tally.drafted) + " of " + std::to_string(all.size()) + " drafts are written";
            });
    }
    return tally;
}

}  // namespace

void draftJudgments(const Arguments& a)
{
    const auto project = openForWriting(a.project);
    workflow::DraftingWish wish;
    wish.model = a.model.empty() ? "" : std::filesystem::absolute(a.model).lexically_normal().string();
    wish.filter = filterOf(a.filter);
    if (a.limit > 0) {
        wish.limit = a.limit;
    }
    auto drafting = workflow::planDrafting(*project, wish);
    if (drafting.responses.empty()) {
        std::cout << "No response waits for a draft: what waits has a suggestion, or is judged\n";
        return;
    }
    drafting.sampling.batch = a.batch;
    requireChat(drafting.model);
    const auto tally = draft(*project, drafting);
    if (tally.drafted == 0 && tally.unusable() > 0) {
        throw noJudgments(drafting, tally);
    }
    std::cout << tally.drafted << (tally.drafted == 1 ? " judgment by " : " judgments by ") << drafting.model
              << (tally.drafted == 1 ? " waits" : " wait") << " to be reviewed: stet list " << a.project
              << " --filter drafted\n";
    if (const std::string none = tallyText(tally); !none.empty()) {
        std::cout << "Of other answers " << none << "; nothing was stored of them\n";
    }
}

}  // namespace stet::app
