// A model in GGUF: one file, or the parts NAME-00001-of-0000N.gguf of one, read through the first. Headers only.
// No Torch. Any thread.
#pragma once

#include "trainer/files/gguf/header.h"

#include <map>
#include <string>
#include <vector>

namespace stet::files::gguf {

struct ModelFile {
    std::string path;
    std::vector<std::string> files;              // the parts; mostly one
    Metadata metadata;                           // of the first part
    std::map<std::string, TensorPlace> tensors;  // of all; TensorPlace::file indexes `files`
};

// Failure(BadInput): as readHeader; a part is missing, is one of another model, or is given in place of the first.
// Failure(ModelRefused): as readHeader; an adapter or something else than a model.
ModelFile openModelFile(const std::string& path);

// The numbers of rows [first, first + rows) of a tensor in the file at `path`, as float32; a vector is one row.
void readRows(const std::string& path, const TensorPlace& tensor, std::int64_t first, std::int64_t rows, float* out);
std::int64_t rowCount(const TensorPlace& tensor);

}  // namespace stet::files::gguf
