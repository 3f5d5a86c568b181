// JSON-RPC 2.0 between window and worker, one message per line: envelope, codec, names and bounds. docs/protocol.md
// says what each method takes and gives. Plain values, no Qt, no Torch: the only part of trainer/ that app/ includes.
// Any thread.
#pragma once

#include "base/failure.h"
#include "base/json.h"

#include <cstdint>
#include <string>
#include <variant>

namespace stet::contract {

constexpr int kVersion = 1;
constexpr std::size_t kMaxLineBytes = std::size_t{16} << 20;

namespace method {
constexpr const char* kHello = "worker/hello";  // answered by the reader thread, also while computing: a heartbeat
constexpr const char* kShutdown = "worker/shutdown";
constexpr const char* kDescribe = "model/describe";
constexpr const char* kLoad = "model/load";
constexpr const char* kScore = "score/run";
constexpr const char* kGenerate = "generate/run";
constexpr const char* kPreview = "round/preview";
constexpr const char* kFlags = "round/flags";
constexpr const char* kRoundStart = "round/start";
constexpr const char* kRoundStop = "round/stop";  // how: pause | keep | discard
constexpr const char* kRoundSave = "round/save";
constexpr const char* kCompare = "compare/run";
constexpr const char* kCancel = "$/cancel";               // notification {id}
constexpr const char* kRoundProgress = "round/progress";  // notifications of the worker
constexpr const char* kGenerateItem = "generate/item";
constexpr const char* kGenerateText = "generate/text";
constexpr const char* kCompareProgress = "compare/progress";
constexpr const char* kLoadProgress = "model/progress";
}  // namespace method

// JSON-RPC error codes. Failures of a kind are −32000 − exit code; cancelled is not failed.
constexpr int kParseError = -32700;
constexpr int kInvalidRequest = -32600;
constexpr int kMethodNotFound = -32601;
constexpr int kInvalidParams = -32602;
constexpr int kCancelled = -32800;
int errorCode(FailureKind kind);
FailureKind failureKind(int errorCode);  // of another code: Internal

struct Request {
    std::int64_t id = 0;
    std::string method;
    Json params = Json::object();
};

struct Notification {
    std::string method;
    Json params = Json::object();
};

struct Error {
    int code = 0;
    std::string message;
};

// Exactly one per request.
struct Reply {
    std::int64_t id = 0;
    std::variant<Json, Error> content;
};

using Message = std::variant<Request, Notification, Reply>;

// One line without its newline. Non-finite numbers are null.
std::string encode(const Message& message);

// A line that is no message: why, and the id it carried as it came (a number or a short text), null when none could be
// read.
struct Malformed {
    int code = kInvalidRequest;
    std::string reason;
    Json id;
};
std::variant<Message, Malformed> decode(const std::string& line);

// The error reply to such a line, so that whoever sent it need not wait for ever.
std::string encode(const Malformed& malformed);

}  // namespace stet::contract
