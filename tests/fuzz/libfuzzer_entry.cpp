// One target as a libFuzzer program; which one, the build says (STET_FUZZ_TARGET).
#include "tests/fuzz/targets.h"

#include <cstdint>
#include <cstring>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t maxSize);

namespace {

const stet::fuzz::Target& target()
{
    static const stet::fuzz::Target& found = *stet::fuzz::targetOf(STET_FUZZ_TARGET);
    return found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    target().run({reinterpret_cast<const char*>(data), size});
    return 0;
}

// Three of four mutants get their outer form back: else nearly all would be refused at the door.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t maxSize,
                                               unsigned int seed)
{
    const std::size_t mutated = LLVMFuzzerMutate(data, size, maxSize);
    if (target().repair == nullptr || seed % 4 == 0) {
        return mutated;
    }
    const std::string repaired = target().repair({reinterpret_cast<const char*>(data), mutated});
    if (repaired.size() > maxSize) {
        return mutated;
    }
    std::memcpy(data, repaired.data(), repaired.size());
    return repaired.size();
}
