// How many operations of ATen a piece of work runs: on a GPU each is a launch or more, and launches are what small
// batches wait for. Counted by ATen's own record of its calls; where the CPU goes its own way (kernels for rows, each
// sequence's attention, oneDNN), a GPU runs others. Compute thread, and nobody else computes meanwhile.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace stet::bench {

struct OperationCount {
    std::map<std::string, std::int64_t>
        byName;  // "aten::mm" → how often; only what computes: no views, no empty tensors

    std::int64_t total() const;
    // Numbers read back to the host, for each of which a GPU's queue runs dry.
    std::int64_t hostReads() const;
};

// Of all threads: backward may have its own.
OperationCount countOperations(const std::function<void()>& work);

}  // namespace stet::bench
