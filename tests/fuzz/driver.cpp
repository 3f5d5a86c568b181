// Fuzzing without libFuzzer, for machines without clang's runtime: mutates a corpus for a time, blindly (no coverage).
//   fuzz_driver TARGET SECONDS CORPUS [SEED]     a finding is left as finding-TARGET in the working folder
//   fuzz_driver TARGET FILE                      runs one file
#include "base/files.h"
#include "tests/fuzz/mutants.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace {

using Clock = std::chrono::steady_clock;

// Holds the input that is being run: a crash can't write it afterwards.
class LastInput {
public:
    explicit LastInput(std::string path)
        : m_path(std::move(path)), m_fd(::open(m_path.c_str(), O_WRONLY | O_CREAT, 0644))
    {
    }
    ~LastInput() { ::close(m_fd); }
    LastInput(const LastInput&) = delete;
    LastInput& operator=(const LastInput&) = delete;

    bool hold(const std::string& text) const
    {
        const auto size = static_cast<ssize_t>(text.size());
        return ::pwrite(m_fd, text.data(), text.size(), 0) == size && ::ftruncate(m_fd, size) == 0;
    }
    void remove() const { ::unlink(m_path.c_str()); }

private:
    std::string m_path;
    int m_fd;
};

int mutateFor(const stet::fuzz::Target& target, std::chrono::seconds time, const std::string& folder,
              std::uint64_t seed)
{
    const auto corpus = stet::fuzz::corpusOf(folder);
    if (corpus.empty()) {
        std::fprintf(stderr, "fuzz_driver: %s holds no corpus\n", folder.c_str());
        return 2;
    }
    const LastInput last("finding-" + std::string(target.name));
    std::mt19937_64 random(seed);
    std::uint64_t runs = 0;
    for (const auto end = Clock::now() + time; Clock::now() < end; ++runs) {
        const std::string text = stet::fuzz::mutant(target, corpus, random);
        if (!last.hold(text)) {
            std::fprintf(stderr, "fuzz_driver: the input can't be kept in the working folder\n");
            return 2;
        }
        target.run(text);
    }
    last.remove();
    std::printf("%s: %llu mutants of %zu files, nothing found\n", std::string(target.name).c_str(),
                static_cast<unsigned long long>(runs), corpus.size());
    return 0;
}

}  // namespace

int main(int argc, char** argv)
{
    const auto* const target = argc >= 3 ? stet::fuzz::targetOf(argv[1]) : nullptr;
    if (target == nullptr) {
        std::fprintf(stderr, "fuzz_driver TARGET SECONDS CORPUS [SEED] | TARGET FILE; targets:");
        for (const auto& known : stet::fuzz::targets()) {
            std::fprintf(stderr, " %s", std::string(known.name).c_str());
        }
        std::fprintf(stderr, "\n");
        return 2;
    }
    if (argc == 3) {
        target->run(stet::readFile(argv[2], std::size_t{256} << 20U));
        return 0;
    }
    const auto seed = argc > 4 ? std::strtoull(argv[4], nullptr, 10)
                               : static_cast<std::uint64_t>(Clock::now().time_since_epoch().count());
    std::printf("%s: seed %llu\n", argv[1], static_cast<unsigned long long>(seed));
    return mutateFor(*target, std::chrono::seconds(std::atoi(argv[2])), argv[3], seed);
}
