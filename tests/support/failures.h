// What a Failure says.
#pragma once

#include "base/failure.h"

#include <functional>
#include <string>

namespace stet::test {

// Empty: nothing failed.
inline std::string messageOf(const std::function<void()>& action)
{
    try {
        action();
    } catch (const Failure& failure) {
        return failure.what();
    }
    return {};
}

}  // namespace stet::test
