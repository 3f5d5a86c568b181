// A worker for the client's tests that misbehaves as its first argument says; "polite" behaves. Speaks the real
// protocol. Methods: echo gives its params back; the others are named after what they do.
#include "base/json_lines.h"
#include "contract/message.h"

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>

#include <unistd.h>

using namespace stet;
using namespace stet::contract;

namespace {

void say(const std::string& line)
{
    std::cout << line << '\n' << std::flush;
}

void sayHello(const Request& request, const std::string& mode)
{
    const Json version = mode == "newer" ? Json(kVersion + 1) : mode == "older" ? Json(nullptr) : Json(kVersion);
    say(encode(Reply{request.id, Json{{"protocol", version}, {"version", "fake"}}}));
}

void misbehave(const Request& request)
{
    const auto& method = request.method;
    if (method == "exit") {
        std::_Exit(3);
    } else if (method == "abort") {
        std::abort();
    } else if (method == "huge") {
        std::cout << std::string(kMaxLineBytes + 100, 'x') << std::flush;
        ::pause();
    } else if (method == "garbage") {
        for (int i = 0; i < 1000; ++i) {
            say("\xFF\xFE {\"id\":");
        }
        say("");
        say(R"([1,2,3])");
        say(R"({"id":"x","result":{}})");
        say(R"({"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"?"}})");
        say(encode(Reply{999999, Json("a stranger's")}));
        say(encode(Request{5, "window/close", {}}));
        say(encode(Reply{request.id, Json("first")}));
        say(encode(Reply{request.id, Json("second")}));
    } else if (method == "refuse") {
        say(encode(Reply{request.id, Error{errorCode(FailureKind::BadInput), "no good"}}));
    } else if (method == "notify") {
        say(encode(Notification{"round/progress", {{"step", 4}}}));
        say(encode(Reply{request.id, Json()}));
    } else if (method == "echo") {
        say(encode(Reply{request.id, request.params}));
    }
    // Any other method: no answer.
}

void handle(const std::string& line, const std::string& mode)
{
    const auto decoded = decode(line);
    const auto* message = std::get_if<Message>(&decoded);
    if (message == nullptr) {
        return;
    }
    if (const auto* request = std::get_if<Request>(message)) {
        request->method == method::kHello ? sayHello(*request, mode) : misbehave(*request);
    } else if (const auto* notification = std::get_if<Notification>(message)) {
        if (notification->method == method::kCancel) {
            say(encode(Reply{notification->params.at("id").get<std::int64_t>(), Error{kCancelled, "Cancelled"}}));
        }
    }
}

}  // namespace

int main(int argc, char** argv)
{
    const std::string mode = argc > 1 ? argv[1] : "polite";
    if (mode == "dies") {
        std::cerr << "something is missing\n";
        return 7;
    }
    if (mode == "mute" || mode == "babbling") {
        while (mode == "mute") {
            ::pause();
        }
        for (;;) {
            say("la la la");
            ::usleep(1000);
        }
    }
    if (mode == "late") {
        ::usleep(1'000'000);
    }
    if (mode == "stubborn") {
        std::signal(SIGTERM, SIG_IGN);
    }
    for (std::string line; std::getline(std::cin, line);) {
        handle(line, mode);
    }
    while (mode == "stubborn") {
        ::pause();
    }
    return 0;
}
