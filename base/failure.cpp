#include "base/failure.h"

#include "base/utf8.h"

namespace stet {

namespace {

// What went wrong stands at the beginning, the next step at the end.
std::string bounded(const std::string& message)
{
    constexpr std::size_t kBeginning = 1200;
    constexpr std::size_t kEnd = 600;
    if (message.size() <= kLongestFailureMessage) {
        return message;
    }
    const std::string valid = toValidUtf8(message);
    std::size_t tail = valid.size() - kEnd;
    while (tail < valid.size() && (static_cast<unsigned char>(valid[tail]) & 0xC0U) == 0x80U) {
        ++tail;
    }
    return valid.substr(0, completePrefix(std::string_view(valid).substr(0, kBeginning))) + " … " + valid.substr(tail);
}

}  // namespace

Failure::Failure(FailureKind kind, const std::string& message) : std::runtime_error(bounded(message)), m_kind(kind) { }

}  // namespace stet
