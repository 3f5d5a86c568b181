// Where a model's weights come from: names, shapes, types and the numbers themselves, one tensor at a time, by Hugging
// Face's names whatever the file calls them. For loading and merging. Any thread.
#pragma once

#include "trainer/files/model_folder.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace stet::model {

struct WeightInfo {
    std::vector<std::int64_t> shape;
    files::TensorType type = files::TensorType::F32;  // of the tensor that read() gives
    std::uint64_t bytes = 0;                          // in the file
};

class WeightSource {
public:
    virtual ~WeightSource() = default;

    virtual const std::map<std::string, WeightInfo>& tensors() const = 0;
    // On the CPU, in the type that tensors() says. Failure(BadInput): the file can't be read; Failure(ModelRefused): it
    // is of a type that is not read.
    virtual at::Tensor read(const std::string& name) const = 0;

    std::uint64_t bytes() const;  // of all
};

// The folder's safetensors files. Borrows the folder.
std::unique_ptr<WeightSource> openWeights(const files::ModelFolder& folder);

}  // namespace stet::model
