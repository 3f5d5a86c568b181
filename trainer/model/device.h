// Which device and dtype a command computes with, and why. CUDA is found by probing libcuda.so.1 and loading
// libtorch_cuda.so at run time, BEFORE the first ATen call of the process (afterwards its hooks never register). Call
// loadAccelerator() first thing in main.
#pragma once

#include "trainer/files/model_config.h"

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

#include <cstdint>
#include <string>

namespace stet::model {

// Tried once per process; the sentence says what will be used and, without a GPU, why not:
// "no NVIDIA driver found", "driver too old (…)", "no GPU runtime pack (…)", "no GPU found".
struct Accelerator {
    bool usable = false;
    std::string reason;
};
const Accelerator& loadAccelerator();

struct ComputeOptions {
    std::string device = "auto";  // auto | cpu | cuda[:N]
    std::string dtype = "auto";   // auto | float32 | bfloat16
    int threads = 0;              // 0 = physical cores
};

struct Compute {
    c10::Device device{c10::kCPU};
    c10::ScalarType dtype = c10::kFloat;
    int threads = 1;
    std::string reason;  // for standard error and status bars
};

// Changes nothing by itself. checkpointDtype: config's. Failure(Usage) for unknown words, Failure(BadInput) for a GPU
// asked for that isn't there.
Compute resolveCompute(const ComputeOptions& options, const std::string& checkpointDtype);

// From here on ATen computes with so many threads, on which the order of sums depends: one setting for the whole
// process, so whoever computes says so first, and again after others may have. Costs nothing where it is so already.
void useThreads(const Compute& compute);

// The unit of this CPU that multiplies bfloat16: "AMX", "AVX-512 BF16", or empty where it has none and bfloat16 is
// emulated, slower than float32.
std::string cpuBfloat16Unit();

// Of a model's weights in the compute dtype. Bytes.
std::uint64_t weightsMemory(const files::ModelConfig& config, c10::ScalarType dtype);

// Bytes. CPU: MemAvailable (and cgroup limit). GPU: what the driver has, and what LibTorch keeps of freed tensors.
std::uint64_t freeMemory(const c10::Device& device);

// "23.4 GB", of 10⁹ bytes, as everywhere people read it.
std::string inGigabytes(std::uint64_t bytes);
// Failure(OutOfMemory) with what to do, when the weights alone don't fit.
void refuseTooLargeWeights(std::uint64_t needed, std::uint64_t available);

}  // namespace stet::model
