#include "trainer/serve/failure_report.h"

#include "base/files.h"
#include "trainer/model/decoder.h"

#include <c10/util/Exception.h>

#include <filesystem>
#include <new>
#include <string>

namespace stet::serve {

namespace {

constexpr const char* kMemory =
    "Out of memory. Close other programs, use a smaller max_length, batch or micro_batch_tokens, or a smaller model";

// LibTorch's CPU allocator throws a plain error; its text is the only sign.
bool speaksOfMemory(const std::string& text)
{
    return text.find("DefaultCPUAllocator") != std::string::npos ||
        text.find("can't allocate memory") != std::string::npos || text.find("out of memory") != std::string::npos;
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
    } catch (const c10::OutOfMemoryError&) {
        return {FailureKind::OutOfMemory, kMemory};
    } catch (const std::filesystem::filesystem_error& error) {
        return {FailureKind::BadInput,
                "Cannot use " + error.path1().string() + ": " + describeErrno(error.code().value())};
    } catch (const std::bad_alloc&) {
        return {FailureKind::OutOfMemory, kMemory};
    } catch (const c10::Error& error) {
        const std::string text = error.what_without_backtrace();
        return speaksOfMemory(text)
            ? FailureReport{FailureKind::OutOfMemory, kMemory}
            : FailureReport{FailureKind::Internal, "A fault of ours in LibTorch: " + firstLine(text)};
    } catch (const std::exception& error) {
        return {FailureKind::Internal, std::string("A fault of ours: ") + error.what()};
    } catch (...) {
        return {FailureKind::Internal, "A fault of ours that has no name"};
    }
}

}  // namespace stet::serve
