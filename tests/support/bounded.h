// The bounds every hostile file is held to: processor time and memory of what lies between construction and broken().
//
// Memory is the growth of the process's peak resident size (the kernel's own counter, set back at the start), not
// RLIMIT_AS: AddressSanitizer reserves terabytes of addresses, a thread's arena 64 MiB, and a refused allocation would
// end the test program where a number can be told. Under a sanitizer freed memory stays resident for a while, so
// there only the time is judged, and twice as much is allowed. Time is the processor's, so that other work on the
// machine doesn't break a test.
#pragma once

#include <ctime>
#include <fstream>
#include <sstream>
#include <string>

namespace stet::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

class Bounded {
public:
    explicit Bounded(double seconds = 2, std::size_t mebibytes = 256)
        : m_seconds(kSanitized ? 2 * seconds : seconds), m_mebibytes(mebibytes), m_started(processorSeconds())
    {
        std::ofstream("/proc/self/clear_refs") << "5";
        m_before = peakKibibytes();
    }

    // Empty when both bounds were kept, else which was broken and by how much.
    std::string broken() const
    {
        std::ostringstream said;
        const double took = processorSeconds() - m_started;
        if (took > m_seconds) {
            said << "took " << took << " s, allowed are " << m_seconds << " s; ";
        }
        const std::size_t peak = peakKibibytes();
        const std::size_t grew = peak > m_before ? (peak - m_before) >> 10U : 0;
        if (!kSanitized && grew > m_mebibytes) {
            said << "took " << grew << " MiB, allowed are " << m_mebibytes << " MiB";
        }
        return said.str();
    }

private:
    static double processorSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

    static std::size_t peakKibibytes()
    {
        std::ifstream status("/proc/self/status");
        for (std::string line; std::getline(status, line);) {
            if (line.rfind("VmHWM:", 0) == 0) {
                return std::stoul(line.substr(6));
            }
        }
        return 0;
    }

    double m_seconds;
    std::size_t m_mebibytes;
    double m_started;
    std::size_t m_before = 0;
};

}  // namespace stet::test
