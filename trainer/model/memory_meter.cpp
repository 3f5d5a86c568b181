#include "trainer/model/memory_meter.h"

#include <c10/core/Allocator.h>

#include <algorithm>
#include <mutex>

namespace stet::model {

// What the profiler of PyTorch listens to.
class MemoryMeter::Counter : public c10::MemoryReportingInfoBase {
public:
    explicit Counter(c10::Device device) : m_device(device) { }

    void reportMemoryUsage(void* /*pointer*/, std::int64_t bytes, std::size_t /*allocated*/, std::size_t /*reserved*/,
                           c10::Device device) override
    {
        if (device.type() != m_device.type()) {
            return;
        }
        const std::lock_guard lock(m_mutex);
        m_held += bytes;
        m_peak = std::max(m_peak, m_held);
    }

    bool memoryProfilingEnabled() const override { return true; }

    std::uint64_t held() const
    {
        const std::lock_guard lock(m_mutex);
        return static_cast<std::uint64_t>(std::max<std::int64_t>(0, m_held));
    }

    std::uint64_t peak() const
    {
        const std::lock_guard lock(m_mutex);
        return static_cast<std::uint64_t>(std::max<std::int64_t>(0, m_peak));
    }

    void restart()
    {
        const std::lock_guard lock(m_mutex);
        m_peak = m_held;
    }

private:
    c10::Device m_device;
    mutable std::mutex m_mutex;
    std::int64_t m_held = 0;
    std::int64_t m_peak = 0;
};

MemoryMeter::MemoryMeter(c10::Device device)
    : m_counter(std::make_shared<Counter>(device)), m_guard(c10::DebugInfoKind::PROFILER_STATE, m_counter)
{
}

std::uint64_t MemoryMeter::held() const
{
    return m_counter->held();
}

std::uint64_t MemoryMeter::peak() const
{
    return m_counter->peak();
}

void MemoryMeter::restart()
{
    m_counter->restart();
}

}  // namespace stet::model
