// The methods of the server, on the compute thread: one function each, from params to result. Wrong params are
// Failure(BadInput/Usage); unknown ones are warned of before (param_warner.h).
#pragma once

#include "base/json.h"
#include "trainer/model/decoder.h"
#include "trainer/round/round.h"
#include "trainer/score/scorer.h"
#include "trainer/serve/loaded_model.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string>

namespace stet::serve {

// What a method may use beside its params.
struct MethodContext {
    std::function<void(const std::string& method, Json params)> notify;
    model::CancelCheck cancelled;
    std::function<void()> serveInteractive;  // between two micro-batches of a round, two answers of a comparison
    std::function<round::Stop()> roundStop;
    std::function<bool()> roundSave;
};

class Methods {
public:
    // True for a method that exists.
    static bool knows(const std::string& method);

    Json call(const std::string& method, const Json& params, const MethodContext& context);

private:
    Json answer(const std::string& method, const Json& params, const MethodContext& context);
    Json load(const Json& params, const MethodContext& context);
    Json score(const Json& params, const MethodContext& context);
    Json generate(const Json& params, const MethodContext& context);
    round::RoundOptions roundOptions() const;
    Json foreseeFlags(const Json& params, const MethodContext& context);
    Json startRound(const Json& params, const MethodContext& context);
    Json compare(const Json& params, const MethodContext& context);
    LoadedModel& loaded();

    std::unique_ptr<LoadedModel> m_model;
    std::unique_ptr<score::Scorer> m_scorer;
    std::string m_modelPath;
    int m_calls = 0;  // one within another
};

}  // namespace stet::serve
