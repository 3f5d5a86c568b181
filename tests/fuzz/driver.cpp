// Fuzzing without libFuzzer, for machines without clang's runtime: mutates a corpus for a time, blindly (no coverage).
//   fuzz_driver TARGET SECONDS CORPUS [SEED]     a finding is left as finding-TARGET in the working folder
//   fuzz_driver TARGET FILE                      runs one file
#include "base/files.h"
#include "tests/fuzz/mutants.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

namespace {

using Clock = std::chrono::steady_clock;

// The input is written before it is run: a crash can't write it afterwards.
int mutateFor(const stet::fuzz::Target& target, std::chrono::seconds time, const std::string& folder,
              std::uint64_t seed)
{
    const auto corpus = stet::fuzz::corpusOf(folder);
    if (corpus.empty()) {
        std::fprintf(stderr, "fuzz_driver: %s holds no corpus\n", folder.c_str());
        return 2;
    }
    const std::string finding = "finding-" + std::string(target.name);
    std::mt19937_64 random(seed);
    std::uint64_t runs = 0;
    for (const auto end = Clock::now() + time; Clock::now() < end; ++runs) {
        const std::string text = stet::fuzz::mutant(target, corpus, random);
        std::ofstream(finding, std::ios::binary | std::ios::trunc) << text;
        target.run(text);
    }
    std::remove(finding.c_str());
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
