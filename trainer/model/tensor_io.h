// Between safetensors bytes and ATen tensors. Any thread.
#pragma once

#include "trainer/files/safetensors.h"

#include <ATen/core/Tensor.h>

#include <map>
#include <string>

namespace stet::model {

// Reads one tensor and converts it to `dtype` on `device`; no second copy when nothing changes. Failure(BadInput): the
// file can't be read; Failure(ModelRefused): it is of a type other than F64, F32, F16, BF16, I64, U8.
at::Tensor readTensor(const std::string& path, const files::TensorEntry& entry, c10::ScalarType dtype,
                      c10::Device device);

// In its own dtype on the CPU.
at::Tensor readTensor(const std::string& path, const files::TensorEntry& entry);

// Failure(ModelRefused) names the file when the tensor is of a type that is not read. By the header alone.
void refuseUnreadable(const std::string& path, const files::TensorEntry& entry);

// All tensors of a file, in their own dtype on the CPU.
std::map<std::string, at::Tensor> readTensors(const std::string& path);

// Writes tensors (any device; made contiguous on the CPU) to `path` in map order.
void writeTensors(const std::string& path, const std::map<std::string, at::Tensor>& tensors,
                  const std::map<std::string, std::string>& metadata = {});

}  // namespace stet::model
