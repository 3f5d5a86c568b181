#include "trainer/model/weights/weight_source.h"

#include "trainer/model/tensor_io.h"

#include <ATen/ATen.h>

namespace stet::model {

namespace {

class SafetensorsWeights : public WeightSource {
public:
    explicit SafetensorsWeights(const files::ModelFolder& folder) : m_folder(folder)
    {
        for (const auto& [name, entry] : folder.tensors) {
            m_tensors[name] = {entry.shape, entry.type, entry.bytes};
        }
    }

    const std::map<std::string, WeightInfo>& tensors() const override { return m_tensors; }
    at::Tensor read(const std::string& name, c10::ScalarType dtype) const override { return read(name).to(dtype); }
    at::Tensor read(const std::string& name) const override
    {
        const auto& entry = m_folder.tensors.at(name);
        return readTensor(m_folder.weightFiles[entry.file], entry);
    }

private:
    const files::ModelFolder& m_folder;
    std::map<std::string, WeightInfo> m_tensors;
};

}  // namespace

std::uint64_t WeightSource::bytes() const
{
    std::uint64_t sum = 0;
    for (const auto& [name, info] : tensors()) {
        sum += info.bytes;
    }
    return sum;
}

std::unique_ptr<WeightSource> openWeights(const files::ModelFolder& folder)
{
    return folder.isGguf() ? openGgufWeights(folder) : std::make_unique<SafetensorsWeights>(folder);
}

}  // namespace stet::model
