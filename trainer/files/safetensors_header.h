// The JSON header of a safetensors file, read event by event: no tree of it is built, so an attacker's header of n
// bytes takes time and memory in proportion to n. Used by safetensors.cpp alone. No Torch. Any thread.
#pragma once

#include "base/failure.h"
#include "trainer/files/safetensors.h"

#include <optional>
#include <string>
#include <string_view>

namespace stet::files {

std::optional<TensorType> tensorTypeFromName(std::string_view name);

// "PATH is not a usable safetensors file: REASON"
Failure refusedSafetensors(const std::string& path, const std::string& reason);

// Product of the sizes; Failure(BadInput) when it overflows.
std::uint64_t elementCount(const std::vector<std::int64_t>& shape, const std::string& path, const std::string& name);

// Names are unique, every number is in range, offsets (from the start of the data) fit shape and dtype. Whether the
// tensors fill the file without holes is the caller's to check. Failure(BadInput) names `path` and the tensor.
SafetensorsHeader parseSafetensorsHeader(std::string_view text, const std::string& path);

}  // namespace stet::files
