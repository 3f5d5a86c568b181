// How many bytes of tensors a piece of work holds at most, as the device's allocator counts them: nothing else of the
// process is in the number. Compute thread: it hears this thread's allocations and those of its backward passes.
#pragma once

#include <c10/core/Device.h>
#include <c10/util/ThreadLocalDebugInfo.h>

#include <cstdint>
#include <memory>

namespace stet::model {

class MemoryMeter {
public:
    // Counts from here on. What is freed after it was made outside the meter's life counts for nothing.
    explicit MemoryMeter(c10::Device device);

    std::uint64_t held() const;  // bytes made since the start and not freed yet
    std::uint64_t peak() const;  // the most held() has been since the last restart
    void restart();              // the peak begins anew at what is held now

private:
    class Counter;
    std::shared_ptr<Counter> m_counter;
    c10::DebugInfoGuard m_guard;
};

}  // namespace stet::model
