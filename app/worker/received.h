// What the worker sent, as the contract has it. Where it is not what was agreed, the log says so, and nothing is shown
// of it. Any thread.
#pragma once

#include "base/log.h"
#include "contract/codec.h"

#include <string>

namespace stet::app {

// what: the message's name, for the log.
template <contract::Fielded T> T received(const Json& json, const char* what)
{
    try {
        return contract::fromJson<T>(json, what);
    } catch (const Failure& failure) {
        log::warning(failure.what());
        return {};
    }
}

// Of a notification's params.
template <contract::Fielded T> T received(const std::string& json, const char* what)
{
    return received<T>(Json::parse(json, nullptr, false), what);
}

}  // namespace stet::app
