#include "workflow/talk.h"

#include "base/failure.h"
#include "base/json.h"
#include "workflow/generation.h"

namespace stet::workflow {

using annotate::Project;

namespace {

constexpr const char* kId = "talk";

}  // namespace

contract::GenerateRequest askOf(const Project& project, int round, const std::string& instruction)
{
    if (round != 0 && project.round(round).state != annotate::RoundState::Finished) {
        throw badInput("Round " + std::to_string(round) + " is not finished, so it has no model to talk to");
    }
    annotate::Instruction one;
    one.externalId = toLine(Json(kId));
    one.instruction = instruction;
    contract::GenerateRequest request;
    request.items = {exampleOf(one)};
    request.adapter = project.adapterFolder(round);
    request.sampling = projectSampling(project);
    request.stream = true;
    return request;
}

annotate::ResponseId keepAnswer(Project& project, const Answer& answer)
{
    annotate::NewResponse response;
    response.externalId = toLine(Json(kId));
    response.instruction = answer.instruction;
    response.output = answer.line.output;
    response.stoppedByLength = answer.line.stopped == contract::Stopped::Length;
    response.author = {annotate::AuthorKind::Model, {}, project.setting("model"), answer.round};
    response.sampling = toLine(Json{{"max_new_tokens", projectSampling(project).maxNewTokens},
                                    {"prompt_style", project.promptStyle()},
                                    {"temperature", 0.0}});
    return project.addGenerated(std::move(response));
}

}  // namespace stet::workflow
