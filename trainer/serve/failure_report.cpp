#include "trainer/serve/failure_report.h"

#include "base/files.h"
#include "trainer/model/decoder.h"

#include <c10/util/Exception.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <new>
#include <string>

namespace stet::serve {

namespace {

// How much was asked for, out of an allocator's own words: "you tried to allocate 160000000 bytes." of the CPU's,
// "Tried to allocate 2.00 GiB." of CUDA's. Empty where they don't say.
std::string askedFor(const std::string& text)
{
    static const std::string kWords = "ried to allocate ";
    const auto at = text.find(kWords);
    if (at == std::string::npos) {
        return {};
    }
    const auto begin = at + kWords.size();
    const auto number = text.find_first_not_of("0123456789.", begin);
    const auto end = number == std::string::npos ? number : text.find_first_not_of("BKMGTibytes", number + 1);
    return text.substr(begin, (end == std::string::npos ? text.size() : end) - begin);
}

std::string memoryMessage(const std::string& text)
{
    const std::string asked = askedFor(text);
    return "Out of memory" + (asked.empty() ? "" : ": " + asked + " more could not be had") +
        ". Close other programs, use a smaller max_length, batch or micro_batch_tokens, or a smaller model";
}

// LibTorch's CPU allocator and CUDA's libraries throw plain errors; their text is the only sign.
bool speaksOfMemory(const std::string& text)
{
    static const std::array<const char*, 6> kSigns = {
        "DefaultCPUAllocator", "can't allocate memory", "out of memory",
        // A GPU's libraries have workspaces of their own, and handles that need them.
        "_STATUS_ALLOC_FAILED", "CUBLAS_STATUS_NOT_INITIALIZED", "cudaErrorMemoryAllocation"};
    return std::any_of(kSigns.begin(), kSigns.end(),
                       [&](const char* sign) { return text.find(sign) != std::string::npos; });
}

std::string firstLine(const std::string& text)
{
    return text.substr(0, text.find('\n'));
}

}  // namespace

FailureReport currentFailure()
{
    try {
        throw;
    } catch (const Failure& failure) {
        return {failure.kind(), failure.what()};
    } catch (const model::Cancelled&) {
        return {FailureKind::Interrupted, "Stopped"};
    } catch (const c10::OutOfMemoryError& error) {
        return {FailureKind::OutOfMemory, memoryMessage(error.what_without_backtrace())};
    } catch (const std::filesystem::filesystem_error& error) {
        return {FailureKind::BadInput,
                "Cannot use " + error.path1().string() + ": " + describeErrno(error.code().value())};
    } catch (const std::bad_alloc&) {
        return {FailureKind::OutOfMemory, memoryMessage({})};
    } catch (const c10::Error& error) {
        const std::string text = error.what_without_backtrace();
        return speaksOfMemory(text)
            ? FailureReport{FailureKind::OutOfMemory, memoryMessage(text)}
            : FailureReport{FailureKind::Internal, "A fault of ours in LibTorch: " + firstLine(text)};
    } catch (const std::exception& error) {
        return {FailureKind::Internal, std::string("A fault of ours: ") + error.what()};
    } catch (...) {
        return {FailureKind::Internal, "A fault of ours that has no name"};
    }
}

}  // namespace stet::serve
