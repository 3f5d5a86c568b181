#include "workflow/generation.h"

#include "base/failure.h"
#include "base/json.h"

#include <algorithm>

namespace stet::workflow {

using annotate::Project;
using annotate::RoundState;

namespace {

constexpr const char* kInterrupted = "generating";

std::uint64_t seedOf(const GenerationWish& wish, std::size_t sample)
{
    return wish.sampling.seed + sample;
}

// What the response depends on, and nothing else: a greedy one has no seed.
std::string samplingText(const GenerationWish& wish, const std::string& promptStyle, std::size_t sample)
{
    Json json = {{"max_new_tokens", wish.sampling.maxNewTokens},
                 {"prompt_style", promptStyle},
                 {"temperature", wish.sampling.temperature}};
    if (wish.sampling.temperature > 0) {
        json["top_p"] = wish.sampling.topP;
        json["seed"] = seedOf(wish, sample);
    }
    return toLine(json);
}

std::vector<std::string> samplingTexts(const GenerationWish& wish, const std::string& promptStyle)
{
    std::vector<std::string> texts;
    texts.reserve(static_cast<std::size_t>(wish.samples));
    for (int sample = 0; sample < wish.samples; ++sample) {
        texts.push_back(samplingText(wish, promptStyle, static_cast<std::size_t>(sample)));
    }
    return texts;
}

void requireAskable(const Project& project, const std::string& set)
{
    if (set == annotate::kHeldOutSet || set == annotate::kControlSet) {
        throw Failure(FailureKind::Usage,
                      "Rounds are compared on the set '" + set +
                          "', so responses to it would not be judged; name another set, or none");
    }
    const auto sets = project.instructionSets();
    if (!set.empty() && std::none_of(sets.begin(), sets.end(), [&](const auto& one) { return one.name == set; })) {
        throw Failure(FailureKind::Usage,
                      "There is no set '" + set + "' in " + project.folder() + "; import one: stet import " +
                          project.folder() + " FILE --set " + set);
    }
}

void requirePossible(const GenerationWish& wish)
{
    if (wish.samples < 1 || (wish.fresh && *wish.fresh < 0)) {
        throw Failure(FailureKind::Usage, "The number of responses must be at least 1");
    }
    if (wish.samples > 1 && wish.sampling.temperature == 0) {
        throw Failure(FailureKind::Usage,
                      "At temperature 0 all responses to an instruction are the same; give a temperature above 0, or "
                      "ask for one response");
    }
}

void requireTrained(const Project& project, int round)
{
    if (round != 0 && project.round(round).state != RoundState::Finished) {
        throw badInput("Round " + std::to_string(round) + " is not finished, so it has no model to answer; name " +
                       "another round, or run: stet round " + project.folder());
    }
}

annotate::WantedResponses wantedOf(const Generation& generation)
{
    return {generation.wish.set, *generation.wish.round, samplingTexts(generation.wish, generation.promptStyle),
            generation.wish.fresh};
}

}  // namespace

contract::Sampling projectSampling(const Project& project)
{
    contract::Sampling sampling;
    sampling.maxNewTokens = project.maxNewTokens();
    return sampling;
}

Generation planGeneration(const Project& project, const GenerationWish& wish)
{
    requirePossible(wish);
    requireAskable(project, wish.set);
    Generation generation;
    generation.wish = wish;
    generation.wish.round = wish.round.value_or(project.currentRound());
    requireTrained(project, *generation.wish.round);
    generation.model = project.setting("model");
    generation.adapter = project.adapterFolder(*generation.wish.round);
    generation.promptStyle = project.promptStyle();
    const auto found = project.missingResponses(wantedOf(generation));
    generation.there = found.there;
    generation.missing = static_cast<int>(found.missing.size());
    std::optional<std::size_t> last;
    for (const auto& one : found.missing) {
        if (last != one.sampling) {
            generation.parts.push_back({seedOf(wish, one.sampling), {}, {}});
            last = one.sampling;
        }
        GenerationPart& part = generation.parts.back();
        part.byId.emplace(contract::idOf(exampleOf(one.instruction)).dump(), part.instructions.size());
        part.instructions.push_back(one.instruction);
    }
    return generation;
}

GenerationWish withMore(const Project& project, GenerationWish wish, int count)
{
    wish.fresh = 0x7fffffff;
    const Generation all = planGeneration(project, wish);
    // Instructions of which every response is there; an interrupted one is among those to come.
    const int wanted = (all.there + all.missing) / wish.samples;
    std::size_t incomplete = 0;
    for (const auto& part : all.parts) {
        incomplete = std::max(incomplete, part.instructions.size());
    }
    wish.fresh = std::min(wanted, wanted - static_cast<int>(incomplete) + count);
    return wish;
}

void beginGeneration(Project& project, const GenerationWish& wish)
{
    GenerationWish kept = wish;
    kept.round = wish.round.value_or(project.currentRound());
    project.setSetting(kInterrupted, toLine(contract::toJson(kept)));
}

void endGeneration(Project& project)
{
    project.setSetting(kInterrupted, "");
}

std::optional<GenerationWish> interruptedGeneration(const Project& project)
{
    const std::string text = project.setting(kInterrupted);
    if (text.empty()) {
        return std::nullopt;
    }
    constexpr const char* kWhat = "what was being generated";
    return contract::fromJson<GenerationWish>(parseJson(text, kWhat), kWhat);
}

std::optional<annotate::ResponseId> takeGenerated(Project& project, const Generation& generation, std::size_t part,
                                                  const contract::GeneratedLine& line)
{
    const GenerationPart& asked = generation.parts.at(part);
    const auto found = asked.byId.find(line.id.dump());
    if (found == asked.byId.end()) {
        return std::nullopt;
    }
    const annotate::Instruction& instruction = asked.instructions[found->second];
    annotate::NewResponse response;
    response.externalId = instruction.externalId;
    response.instruction = instruction.instruction;
    response.input = instruction.input;
    response.messages = instruction.messages;
    response.output = line.output;
    response.stoppedByLength = line.stopped == contract::Stopped::Length;
    response.author = {annotate::AuthorKind::Model, {}, generation.model, *generation.wish.round};
    response.sampling =
        samplingText(generation.wish, generation.promptStyle, asked.seed - generation.wish.sampling.seed);
    return project.addGenerated(std::move(response));
}

}  // namespace stet::workflow
