// Where a model's weights come from: names, shapes, types and the numbers themselves, one tensor at a time, by Hugging
// Face's names whatever the file calls them. For loading and merging. Any thread.
#pragma once

#include "trainer/files/model_folder.h"

#include <ATen/core/Tensor.h>
#include <c10/core/ScalarType.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace stet::model {

struct WeightInfo {
    std::vector<std::int64_t> shape;
    // As the file has it; of a quantised one BF16, which has more digits than its numbers.
    files::TensorType type = files::TensorType::F32;
    std::uint64_t bytes = 0;  // in the file
};

class WeightSource {
public:
    virtual ~WeightSource() = default;

    virtual const std::map<std::string, WeightInfo>& tensors() const = 0;
    // On the CPU, in `dtype`; by default in the type that tensors() says. A quantised tensor goes from its blocks into
    // `dtype` by rows, so that it is never whole in another. Failure(BadInput): the file can't be read;
    // Failure(ModelRefused): it is of a type that is not read.
    virtual at::Tensor read(const std::string& name, c10::ScalarType dtype) const = 0;
    virtual at::Tensor read(const std::string& name) const = 0;

    std::uint64_t bytes() const;  // of all
};

// The folder's safetensors files, or a GGUF file. Borrows the folder.
std::unique_ptr<WeightSource> openWeights(const files::ModelFolder& folder);
std::unique_ptr<WeightSource> openGgufWeights(const files::ModelFolder& folder);

}  // namespace stet::model
