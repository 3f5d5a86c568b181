#include "trainer/model/tensor_io.h"

#include "base/failure.h"

#include <ATen/ATen.h>

namespace stet::model {

namespace {

c10::ScalarType toScalarType(const files::TensorEntry& entry, const std::string& path)
{
    switch (entry.type) {
    case files::TensorType::F32:
        return c10::kFloat;
    case files::TensorType::F16:
        return c10::kHalf;
    case files::TensorType::BF16:
        return c10::kBFloat16;
    case files::TensorType::F64:
        return c10::kDouble;
    case files::TensorType::I64:
        return c10::kLong;
    case files::TensorType::U8:
        return c10::kByte;
    default:
        throw Failure(FailureKind::ModelRefused,
                      path + " holds tensors of type " + std::string(files::tensorTypeName(entry.type)) +
                          ", which are not supported; supported: F32, F16, BF16");
    }
}

files::TensorType toFileType(c10::ScalarType type)
{
    switch (type) {
    case c10::kFloat:
        return files::TensorType::F32;
    case c10::kHalf:
        return files::TensorType::F16;
    case c10::kBFloat16:
        return files::TensorType::BF16;
    case c10::kDouble:
        return files::TensorType::F64;
    case c10::kLong:
        return files::TensorType::I64;
    case c10::kByte:
        return files::TensorType::U8;
    default:
        throw Failure(FailureKind::Internal, "a tensor of this dtype can't be written");
    }
}

}  // namespace

at::Tensor readTensor(const std::string& path, const files::TensorEntry& entry, c10::ScalarType dtype,
                      c10::Device device)
{
    at::Tensor tensor = at::empty(entry.shape, at::TensorOptions().dtype(toScalarType(entry, path)));
    files::readTensorBytes(path, entry, tensor.data_ptr());
    return tensor.to(device, dtype);
}

void refuseUnreadable(const std::string& path, const files::TensorEntry& entry)
{
    (void)toScalarType(entry, path);
}

std::map<std::string, at::Tensor> readTensors(const std::string& path)
{
    std::map<std::string, at::Tensor> tensors;
    for (const auto& [name, entry] : files::readSafetensorsHeader(path).tensors) {
        tensors[name] = readTensor(path, entry, toScalarType(entry, path), c10::kCPU);
    }
    return tensors;
}

void writeTensors(const std::string& path, const std::map<std::string, at::Tensor>& tensors,
                  const std::map<std::string, std::string>& metadata)
{
    std::vector<files::SafetensorsWriter::Tensor> list;
    for (const auto& [name, tensor] : tensors) {
        list.push_back({name, toFileType(tensor.scalar_type()), tensor.sizes().vec()});
    }
    files::SafetensorsWriter writer(path, list, metadata);
    for (const auto& [name, tensor] : tensors) {
        writer.write(tensor.detach().to(c10::kCPU).contiguous().const_data_ptr());
    }
    writer.finish();
}

at::Tensor readTensor(const std::string& path, const files::TensorEntry& entry)
{
    return readTensor(path, entry, toScalarType(entry, path), c10::kCPU);
}

}  // namespace stet::model
