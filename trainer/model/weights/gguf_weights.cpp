// A GGUF file's blocks as tensors under Hugging Face's names, with what the converter did to them undone.
#include "trainer/files/gguf/model_file.h"
#include "trainer/model/weights/weight_source.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace stet::model {

namespace {

using files::gguf::Change;
using files::gguf::WeightPlace;

constexpr std::int64_t kNumbersAtOnce = std::int64_t{4} << 20;

files::TensorType typeOf(files::gguf::NumberType type)
{
    switch (type) {
    case files::gguf::NumberType::F32:
        return files::TensorType::F32;
    case files::gguf::NumberType::F16:
        return files::TensorType::F16;
    default:
        return files::TensorType::BF16;
    }
}

c10::ScalarType scalarTypeOf(files::TensorType type)
{
    return type == files::TensorType::F32 ? c10::kFloat : type == files::TensorType::F16 ? c10::kHalf : c10::kBFloat16;
}

// Rows of a head in the order (i, j) were (j, i): two halves of a head rotate together there, neighbours here.
at::Tensor unpaired(const at::Tensor& rows, std::int64_t heads)
{
    const std::int64_t half = rows.size(0) / heads / 2;
    return rows.reshape({heads, half, 2, -1}).transpose(1, 2).reshape(rows.sizes()).contiguous();
}

class GgufWeights : public WeightSource {
public:
    explicit GgufWeights(const files::ModelFolder& folder) : m_folder(folder)
    {
        for (const auto& [name, place] : folder.packed) {
            m_tensors[name] = {place.tensor.shape, typeOf(place.tensor.type), place.tensor.bytes};
        }
    }

    const std::map<std::string, WeightInfo>& tensors() const override { return m_tensors; }

    at::Tensor read(const std::string& name) const override
    {
        return read(name, scalarTypeOf(m_tensors.at(name).type));
    }

    at::Tensor read(const std::string& name, c10::ScalarType dtype) const override
    {
        const WeightPlace& place = m_folder.packed.at(name);
        const at::Tensor whole = readWhole(place, dtype);
        return place.change == Change::PairedRows ? unpaired(whole, place.heads) : whole;
    }

private:
    at::Tensor readWhole(const WeightPlace& place, c10::ScalarType dtype) const
    {
        const auto& tensor = place.tensor;
        const std::int64_t rows = files::gguf::rowCount(tensor);
        const std::int64_t length = tensor.shape.back();
        const at::Tensor whole = at::empty({rows, length}, at::TensorOptions().dtype(dtype));
        const std::int64_t atOnce = std::max<std::int64_t>(1, kNumbersAtOnce / length);
        for (std::int64_t first = 0; first < rows; first += atOnce) {
            const std::int64_t count = std::min(atOnce, rows - first);
            const at::Tensor part = at::empty({count, length}, at::TensorOptions().dtype(c10::kFloat));
            files::gguf::readRows(m_folder.weightFiles[tensor.file], tensor, first, count, part.data_ptr<float>());
            if (place.change == Change::PlusOne) {
                part.sub_(1);
            }
            whole.narrow(0, first, count).copy_(part);
        }
        return whole.reshape(tensor.shape);
    }

    const files::ModelFolder& m_folder;
    std::map<std::string, WeightInfo> m_tensors;
};

}  // namespace

std::unique_ptr<WeightSource> openGgufWeights(const files::ModelFolder& folder)
{
    return std::make_unique<GgufWeights>(folder);
}

}  // namespace stet::model
