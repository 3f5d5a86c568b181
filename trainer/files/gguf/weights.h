// Where each weight of a model lies in its GGUF file, by Hugging Face's names. No Torch. Any thread.
#pragma once

#include "trainer/files/gguf/model_file.h"
#include "trainer/files/model_config.h"

#include <cstdint>
#include <map>
#include <string>

namespace stet::files::gguf {

// What the converter did to a tensor, and is undone when it is read.
enum class Change {
    None,
    PairedRows,  // each head's rows interleaved: row 2·i + j of a head was row j·d/2 + i
    PlusOne,     // of Gemma's norms
};

struct WeightPlace {
    TensorPlace tensor;
    Change change = Change::None;
    std::int64_t heads = 0;  // of PairedRows
};

// How a weight of Hugging Face's name is kept in a GGUF file.
struct StoredAs {
    std::string name;  // "blk.3.ffn_up.weight"
    Change change = Change::None;
    std::int64_t heads = 0;  // of PairedRows
};
StoredAs storedAs(const std::string& name, const ModelConfig& config, bool pairedRows);

// Every weight of weightLayout(config). Failure(BadInput): one is missing or has another shape; Failure(ModelRefused):
// the file has tensors that nothing here reads, so that the model would be another.
std::map<std::string, WeightPlace> weightsOf(const ModelFile& model, const ModelConfig& config);

}  // namespace stet::files::gguf
