// The worker itself and the model it holds: greeting, description, load. Plain values; any thread.
#pragma once

#include "contract/codec.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stet::contract {

// worker/hello. A greeting names its protocol; a sign of life doesn't.
struct HelloRequest {
    std::optional<std::int64_t> protocol;

    static constexpr auto fields() { return std::tuple{optional("protocol", &HelloRequest::protocol)}; }
};

struct Hello {
    std::int64_t protocol = 0;
    std::string version;
    std::string build;
    std::string libtorch;
    std::int64_t served = 0;  // requests answered
    std::vector<std::string> capabilities;
    // Of a greeting only.
    std::optional<std::vector<std::string>> devices;
    std::optional<std::string> device;  // that "auto" means
    std::optional<std::string> deviceReason;
    std::optional<std::uint64_t> freeMemory;  // bytes, of it

    static constexpr auto fields()
    {
        return std::tuple{always("protocol", &Hello::protocol),
                          always("version", &Hello::version),
                          always("build", &Hello::build),
                          always("libtorch", &Hello::libtorch),
                          always("served", &Hello::served),
                          always("capabilities", &Hello::capabilities),
                          optional("devices", &Hello::devices),
                          optional("device", &Hello::device),
                          optional("device_reason", &Hello::deviceReason),
                          optional("free_memory", &Hello::freeMemory)};
    }
};

// worker/shutdown, and its reply.
struct Nothing {
    static constexpr auto fields() { return std::tuple{}; }
};

// $/cancel
struct Cancel {
    std::int64_t id = 0;  // of the request

    static constexpr auto fields() { return std::tuple{required("id", &Cancel::id)}; }
};

// What computes, as asked for.
struct ComputeRequest {
    std::string device = "auto";  // auto, cpu, cuda, cuda:N
    std::string dtype = "auto";   // auto, float32, bfloat16
    int threads = 0;              // 0: one per physical core

    static constexpr auto fields()
    {
        return std::tuple{optional("device", &ComputeRequest::device), optional("dtype", &ComputeRequest::dtype),
                          optional("threads", &ComputeRequest::threads)};
    }
};

struct DescribeRequest {
    std::string model;  // a folder of the worker's computer
    ComputeRequest compute;

    static constexpr auto fields()
    {
        return std::tuple{required("model", &DescribeRequest::model), flat(&DescribeRequest::compute)};
    }
};

struct LoadRequest {
    std::string model;  // a folder of the worker's computer
    ComputeRequest compute;
    std::string promptStyle = "auto";

    static constexpr auto fields()
    {
        return std::tuple{required("model", &LoadRequest::model), flat(&LoadRequest::compute),
                          optional("prompt_style", &LoadRequest::promptStyle)};
    }
};

struct LoadProgress {
    double share = 0;  // 1: all of it

    static constexpr auto fields() { return std::tuple{always("share", &LoadProgress::share)}; }
};

// Bytes.
struct MemoryNeeds {
    std::uint64_t weights = 0;
    std::uint64_t score = 0;
    std::uint64_t round = 0;

    static constexpr auto fields()
    {
        return std::tuple{always("weights", &MemoryNeeds::weights), always("score", &MemoryNeeds::score),
                          always("round", &MemoryNeeds::round)};
    }
};

// What `describe` says of a model folder, and a load of what it loaded.
struct ModelDescription {
    std::string architecture;
    std::int64_t parameters = 0;
    std::int64_t layers = 0;
    std::int64_t hiddenSize = 0;
    std::int64_t heads = 0;
    std::int64_t kvHeads = 0;
    std::int64_t vocabSize = 0;
    std::int64_t contextLength = 0;
    std::optional<std::string> dtype;
    bool tied = false;
    bool chatTemplate = false;
    std::int64_t files = 0;
    std::uint64_t bytes = 0;
    std::string device;
    std::string deviceReason;
    std::string computeDtype;
    int threads = 0;
    std::uint64_t freeMemory = 0;
    MemoryNeeds memory;
    std::optional<std::string> promptStyle;  // as resolved; of a load only
    // What its user should know: two kinds of weights in the folder; of a load also a trained end that is no configured
    // stop.
    std::optional<std::vector<std::string>> warnings;

    static constexpr auto fields()
    {
        return std::tuple{always("architecture", &ModelDescription::architecture),
                          always("parameters", &ModelDescription::parameters),
                          always("layers", &ModelDescription::layers),
                          always("hidden_size", &ModelDescription::hiddenSize),
                          always("heads", &ModelDescription::heads),
                          always("kv_heads", &ModelDescription::kvHeads),
                          always("vocab_size", &ModelDescription::vocabSize),
                          always("context_length", &ModelDescription::contextLength),
                          always("dtype", &ModelDescription::dtype),
                          always("tied", &ModelDescription::tied),
                          always("chat_template", &ModelDescription::chatTemplate),
                          always("files", &ModelDescription::files),
                          always("bytes", &ModelDescription::bytes),
                          always("device", &ModelDescription::device),
                          always("device_reason", &ModelDescription::deviceReason),
                          always("compute_dtype", &ModelDescription::computeDtype),
                          always("threads", &ModelDescription::threads),
                          always("free_memory", &ModelDescription::freeMemory),
                          always("memory", &ModelDescription::memory),
                          optional("prompt_style", &ModelDescription::promptStyle),
                          optional("warnings", &ModelDescription::warnings)};
    }
};

}  // namespace stet::contract
