// generate/run: instructions to answer, and the answers as they come, which `stet-trainer generate` writes as lines.
// Plain values; any thread.
#pragma once

#include "base/generation.h"
#include "contract/example.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stet::contract {

// Why a text ended: by itself, or because it was as long as allowed.
enum class Stopped { Eos, Length };

constexpr auto wordsOf(Stopped /*of*/)
{
    return Words<Stopped, 2>{{{Stopped::Eos, "eos"}, {Stopped::Length, "length"}}};
}

// How answers are made; compare/run takes the same.
struct Sampling {
    int maxNewTokens = kDefaultNewTokens;
    double temperature = 0;  // 0: greedy
    double topP = 1;         // above 0, at most 1
    int batch = 8;           // answers at once; changes no answer
    std::uint64_t seed = 42;

    void check(const Json& object, const std::string& what) const;
    static constexpr auto fields()
    {
        return std::tuple{optional("max_new_tokens", &Sampling::maxNewTokens),
                          optional("temperature", &Sampling::temperature), optional("top_p", &Sampling::topP),
                          optional("batch", &Sampling::batch), optional("seed", &Sampling::seed)};
    }
};

struct GenerateRequest {
    std::vector<Example> items;  // without outputs
    std::string adapter;
    Sampling sampling;
    bool stream = false;  // also tell the texts while they grow

    static constexpr auto fields()
    {
        return std::tuple{required("items", &GenerateRequest::items), optional("adapter", &GenerateRequest::adapter),
                          flat(&GenerateRequest::sampling), optional("stream", &GenerateRequest::stream)};
    }
};

struct GeneratedLine {
    Json id;
    std::string output;
    std::int64_t tokens = 0;
    Stopped stopped = Stopped::Eos;

    static constexpr auto fields()
    {
        return std::tuple{always("id", &GeneratedLine::id), always("output", &GeneratedLine::output),
                          always("tokens", &GeneratedLine::tokens), always("stopped", &GeneratedLine::stopped)};
    }
};

// What the answer's next tokens add: whole characters.
struct GeneratedPiece {
    Json id;
    std::string text;

    static constexpr auto fields()
    {
        return std::tuple{always("id", &GeneratedPiece::id), always("text", &GeneratedPiece::text)};
    }
};

struct GenerateResult {
    std::int64_t count = 0;

    static constexpr auto fields() { return std::tuple{always("count", &GenerateResult::count)}; }
};

}  // namespace stet::contract
