// Responses to instructions by a model of the project: which are still to be written, what the worker is asked, what
// comes of its answers. The window and `stet generate` ask alike, and both go on after whatever interrupted them: what
// has a response by the same round with the same settings is not written again.
//
// Called on the thread that holds the project.
#pragma once

#include "annotate/store/project.h"
#include "contract/generate.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace stet::workflow {

// What somebody asks for.
struct GenerationWish {
    std::string set;                          // empty: every set but those that rounds are compared on
    std::optional<int> round = std::nullopt;  // 0: the base model; nullopt: the adopted one
    contract::Sampling sampling = {};         // of several responses the first has its seed, the next the seed + 1, …
    int samples = 1;                          // responses to each instruction
    // At most so many instructions that nobody has answered otherwise; nullopt: all, answered or not. Asked again, it
    // is about the same ones.
    std::optional<int> fresh = std::nullopt;

    static constexpr auto fields()
    {
        using contract::optional;
        return std::tuple{optional("set", &GenerationWish::set), optional("round", &GenerationWish::round),
                          contract::flat(&GenerationWish::sampling), optional("samples", &GenerationWish::samples),
                          optional("fresh", &GenerationWish::fresh)};
    }
};

// Responses that one request asks for: one to each of its instructions.
struct GenerationPart {
    std::uint64_t seed = 0;
    std::vector<annotate::Instruction> instructions;
    std::map<std::string, std::size_t> byId;  // the worker's ids are their own, as JSON texts: of those the first
};

struct Generation {
    GenerationWish wish;  // with its round
    std::string model;
    std::string adapter;  // folder; empty: the base model
    std::string promptStyle;
    std::vector<GenerationPart> parts;  // what is missing, in the order to be written
    int missing = 0;
    int there = 0;  // of what was wished
};

// Settings of a project that says nothing else: greedy, of at most as many tokens as its comparisons.
contract::Sampling projectSampling(const annotate::Project& project);

// Failure(Usage): a wish that can't be (several greedy responses, a set that rounds are compared on or that isn't
// there); Failure(BadInput): the round has no model.
Generation planGeneration(const annotate::Project& project, const GenerationWish& wish);

// `count` more than this model has answered so already.
GenerationWish withMore(const annotate::Project& project, GenerationWish wish, int count);

// Keeps what was wished until it is done or given up, so that a program that was killed is told of it.
void beginGeneration(annotate::Project& project, const GenerationWish& wish);
void endGeneration(annotate::Project& project);
std::optional<GenerationWish> interruptedGeneration(const annotate::Project& project);

// A response of the worker becomes one of the project: to do, with who wrote it and how. nullopt: it answers nothing
// that the part asked.
std::optional<annotate::ResponseId> takeGenerated(annotate::Project& project, const Generation& generation,
                                                  std::size_t part, const contract::GeneratedLine& line);

}  // namespace stet::workflow
