#include "trainer/model/device.h"

#include "base/failure.h"
#include "trainer/files/weight_layout.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/CachingDeviceAllocator.h>

#include <algorithm>
#include <fstream>
#include <iomanip>
#include <set>
#include <sstream>
#include <thread>

#include <dlfcn.h>

namespace stet::model {

namespace {

using DriverGetVersion = int (*)(int*);
using DriverInit = int (*)(unsigned);

// CUDA 13, which LibTorch 2.11 is built with.
constexpr int kNeededDriverVersion = 13000;

// Empty when a driver is there and new enough, else the reason.
std::string driverProblem()
{
    void* driver = dlopen("libcuda.so.1", RTLD_NOW | RTLD_GLOBAL);
    if (driver == nullptr) {
        return "no NVIDIA driver found";
    }
    const auto getVersion = reinterpret_cast<DriverGetVersion>(dlsym(driver, "cuDriverGetVersion"));
    const auto init = reinterpret_cast<DriverInit>(dlsym(driver, "cuInit"));
    int version = 0;
    if (getVersion == nullptr || init == nullptr || getVersion(&version) != 0) {
        return "the NVIDIA driver does not answer";
    }
    if (version < kNeededDriverVersion) {
        return "the NVIDIA driver is too old (CUDA " + std::to_string(version / 1000) + "." +
            std::to_string(version % 1000 / 10) + ", needed 13.0: update the driver to R580 or newer)";
    }
    if (const int status = init(0); status != 0) {
        return "no usable GPU found (cuInit says " + std::to_string(status) + ")";
    }
    return {};
}

// libtorch_cuda.so lies beside the libtorch_cpu.so this process runs with.
std::string runtimePackProblem()
{
    if (dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL) == nullptr) {
        const char* reason = dlerror();
        return std::string("no GPU runtime pack (") + (reason != nullptr ? reason : "libtorch_cuda.so") + ")";
    }
    return {};
}

Accelerator probe()
{
    std::string problem = driverProblem();
    if (problem.empty()) {
        problem = runtimePackProblem();
    }
    if (!problem.empty()) {
        return {false, problem};
    }
    if (!at::detail::getCUDAHooks().hasCUDA() || at::detail::getCUDAHooks().deviceCount() < 1) {
        return {false, "no GPU found"};
    }
    return {true, "NVIDIA GPU found"};
}

// Distinct (package, core) pairs: hyper-threads share the arithmetic units.
int physicalCores()
{
    std::ifstream info("/proc/cpuinfo");
    std::set<std::pair<std::string, std::string>> cores;
    std::string line;
    std::string package;
    while (std::getline(info, line)) {
        if (line.rfind("physical id", 0) == 0) {
            package = line;
        } else if (line.rfind("core id", 0) == 0) {
            cores.emplace(package, line);
        }
    }
    const int logical = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    return cores.empty() ? logical : std::min(logical, static_cast<int>(cores.size()));
}

c10::ScalarType resolveDtype(const std::string& wanted, const std::string& checkpoint, bool gpu)
{
    if (wanted == "float32") {
        return c10::kFloat;
    }
    if (wanted == "bfloat16") {
        return c10::kBFloat16;
    }
    if (wanted != "auto") {
        throw Failure(FailureKind::Usage, "dtype '" + wanted + "' is unknown; use auto, float32 or bfloat16");
    }
    return gpu && (checkpoint == "bfloat16" || checkpoint == "float16") ? c10::kBFloat16 : c10::kFloat;
}

// What the driver has, and whole blocks of freed tensors: the driver counts them as used, and the next tensors come out
// of them. Without them a model could not be loaded in the place of another, nor a round follow a round.
std::uint64_t freeOnDevice(const c10::Device& device)
{
    auto& allocator = *c10::getDeviceAllocator(device.type());
    const std::uint64_t free = allocator.getMemoryInfo(device.index()).first;
    if (!allocator.initialized()) {
        return free;  // no tensor was there yet; CUDA's allocator must not be asked for its numbers
    }
    constexpr auto kAll = static_cast<std::size_t>(c10::CachingAllocator::StatType::AGGREGATE);
    const auto stats = allocator.getDeviceStats(device.index());
    const auto kept = stats.reserved_bytes[kAll].current - stats.active_bytes[kAll].current -
        stats.inactive_split_bytes[kAll].current;
    return free + static_cast<std::uint64_t>(std::max<std::int64_t>(0, kept));
}

}  // namespace

const Accelerator& loadAccelerator()
{
    static const Accelerator accelerator = probe();
    return accelerator;
}

Compute resolveCompute(const ComputeOptions& options, const std::string& checkpointDtype)
{
    const Accelerator& accelerator = loadAccelerator();
    Compute compute;
    if (options.device == "auto") {
        compute.device = accelerator.usable ? c10::Device(c10::kCUDA, 0) : c10::Device(c10::kCPU);
        compute.reason = accelerator.usable ? accelerator.reason : "no GPU: " + accelerator.reason;
    } else if (options.device == "cpu") {
        compute.reason = "asked for";
    } else if (options.device == "cuda" || options.device.rfind("cuda:", 0) == 0) {
        if (!accelerator.usable) {
            throw badInput("A GPU was asked for (--device " + options.device + "), but " + accelerator.reason +
                           "; use --device auto or cpu");
        }
        const std::string number = options.device.size() > 5 ? options.device.substr(5) : "0";
        const int count = at::detail::getCUDAHooks().deviceCount();
        if (number.find_first_not_of("0123456789") != std::string::npos || number.size() > 3 ||
            std::stoi(number) >= count) {
            throw badInput("There is no GPU " + options.device + "; this computer has " + std::to_string(count));
        }
        compute.device = c10::Device(c10::kCUDA, static_cast<c10::DeviceIndex>(std::stoi(number)));
        compute.reason = "asked for";
    } else {
        throw Failure(FailureKind::Usage, "device '" + options.device + "' is unknown; use auto, cpu or cuda[:N]");
    }
    compute.dtype = resolveDtype(options.dtype, checkpointDtype, compute.device.is_cuda());
    if (compute.dtype == c10::kBFloat16 && compute.device.is_cpu()) {
        const std::string unit = cpuBfloat16Unit();
        compute.reason += unit.empty() ? "; this CPU has no bfloat16 unit: slower than float32" : "; " + unit;
    }
    compute.threads = options.threads > 0 ? options.threads : physicalCores();
    return compute;
}

void useThreads(const Compute& compute)
{
    if (at::get_num_threads() != compute.threads) {
        at::set_num_threads(compute.threads);
    }
}

std::string cpuBfloat16Unit()
{
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);) {
        if (line.rfind("flags", 0) == 0) {
            const auto has = [&](const char* flag) {
                return (line + ' ').find(std::string(" ") + flag + ' ') != std::string::npos;
            };
            return has("amx_bf16") ? "AMX" : has("avx512_bf16") ? "AVX-512 BF16" : "";
        }
    }
    return "";
}

std::uint64_t freeMemory(const c10::Device& device)
{
    if (!device.is_cpu()) {
        return freeOnDevice(device);
    }
    std::ifstream info("/proc/meminfo");
    std::string name;
    std::uint64_t kilobytes = 0;
    std::uint64_t available = 0;
    for (std::string unit; info >> name >> kilobytes && std::getline(info, unit);) {
        if (name == "MemAvailable:") {
            available = kilobytes << 10U;
        }
    }
    // A container's limit binds before the machine's memory does.
    std::uint64_t limit = 0;
    std::uint64_t used = 0;
    if (std::ifstream("/sys/fs/cgroup/memory.max") >> limit && std::ifstream("/sys/fs/cgroup/memory.current") >> used) {
        available = std::min(available, limit > used ? limit - used : 0);
    }
    return available;
}

std::uint64_t weightsMemory(const files::ModelConfig& config, c10::ScalarType dtype)
{
    return static_cast<std::uint64_t>(files::parameterCount(config)) * (dtype == c10::kFloat ? 4U : 2U);
}

std::string inGigabytes(std::uint64_t bytes)
{
    std::ostringstream text;
    text << std::fixed << std::setprecision(bytes < 10'000'000 ? 3 : 1) << static_cast<double>(bytes) / 1e9 << " GB";
    return text.str();
}

void refuseTooLargeWeights(std::uint64_t needed, std::uint64_t available)
{
    if (needed > available) {
        throw Failure(FailureKind::OutOfMemory,
                      "The model needs " + inGigabytes(needed) + " for its weights alone, " + inGigabytes(available) +
                          " are free on this device; close other programs or use a smaller model or dtype");
    }
}

}  // namespace stet::model
