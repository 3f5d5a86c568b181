// The server's methods by name: each bound once as a typed function from its params to its result, out of which the
// table takes reading, writing and the names that are known (contract/codec.h). Filled before the server runs; then
// read by both of its threads.
#pragma once

#include "contract/codec.h"
#include "trainer/model/decoder.h"
#include "trainer/round/round.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace stet::serve {

// What a method may use beside its params. Compute thread; valid for the call.
struct MethodContext {
    std::function<void(const char* method, Json params)> send;
    model::CancelCheck cancelled;
    std::function<void()> serveInteractive;  // between two micro-batches of a round, two answers of a comparison
    std::function<round::Stop()> roundStop;
    std::function<bool()> roundSave;

    // A notification that belongs to the request.
    template <contract::Fielded T> void notify(const char* method, const T& params) const
    {
        send(method, toJson(params));
    }
};

// Where a method is answered.
enum class Answered {
    AtOnce,       // on the reader's thread, also while something is computed
    Interactive,  // before all others, also within a round
    InTurn,
    Barrier  // in turn, and what came after it waits for it
};

class HandlerTable {
public:
    // handler: Result(const Params&, const MethodContext&). Failures as it throws; wrong params are Failure(BadInput).
    template <contract::Fielded Params, class Handler> void bind(const char* method, Answered answered, Handler handler)
    {
        const std::string name = method;
        m_entries[name] = {answered,
                           [name, handler](const Json& params, const MethodContext& context) {
                               return contract::toJson(handler(contract::fromJson<Params>(params, name), context));
                           },
                           [name](const Json& params) { return contract::unknownIn<Params>(params, name); }};
    }

    bool knows(const std::string& method) const { return m_entries.count(method) > 0; }
    Answered answered(const std::string& method) const { return m_entries.at(method).answered; }
    Json call(const std::string& method, const Json& params, const MethodContext& context) const
    {
        return m_entries.at(method).call(params, context);
    }
    // Warnings of params that nobody reads, by name.
    std::vector<std::string> unknownParams(const std::string& method, const Json& params) const
    {
        return m_entries.at(method).unknown(params);
    }

private:
    struct Entry {
        Answered answered = Answered::InTurn;
        std::function<Json(const Json&, const MethodContext&)> call;
        std::function<std::vector<std::string>(const Json&)> unknown;
    };
    std::map<std::string, Entry> m_entries;
};

}  // namespace stet::serve
