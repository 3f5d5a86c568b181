// A served worker with a small model loaded: what it is asked and how it answers. ServedHere, unless a test needs a
// process.
#pragma once

#include "tests/support/round_folders.h"
#include "tests/support/served_here.h"
#include "tests/support/served_trainer.h"

#include <string>

namespace stet::test {

constexpr int kUsage = -32002;
constexpr int kBadInput = -32003;
constexpr int kInvalidRequest = -32600;
constexpr int kParseError = -32700;
constexpr int kCancelled = -32800;

inline const Json kCpu = {{"device", "cpu"}, {"threads", 1}};

inline Json loadParams(const std::string& model)
{
    Json params = kCpu;
    params["model"] = model;
    return params;
}

inline Json judged(const std::string& judgment = "The name must begin with a capital letter.")
{
    return {{"id", 1},
            {"instruction", "Write about ben."},
            {"output", "ben saw a old tree and 5 more things in the park"},
            {"judgment", judgment}};
}

inline Json loadedInto(ServedTalk& worker, const std::string& model = smallModel())
{
    return worker.result("model/load", loadParams(model));
}

inline int code(const Json& reply)
{
    return reply.is_object() && reply.contains("error") ? reply.at("error").at("code").get<int>() : 0;
}

inline std::string outcome(const Json& reply)
{
    return reply.is_object() && reply.contains("result") ? reply.at("result").value("outcome", "") : reply.dump();
}

}  // namespace stet::test
