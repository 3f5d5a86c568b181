#include "trainer/files/lora_tensors.h"

namespace stet::files {

namespace {

constexpr std::string_view kBegin = "base_model.model.";

std::string endOf(char matrix)
{
    return std::string(".lora_") + matrix + ".weight";
}

}  // namespace

std::string loraTensorName(const std::string& module, char matrix)
{
    return std::string(kBegin) + module + endOf(matrix);
}

std::optional<std::string> loraModule(std::string_view tensor, char matrix)
{
    const std::string end = endOf(matrix);
    if (!tensor.starts_with(kBegin) || !tensor.ends_with(end) || tensor.size() <= kBegin.size() + end.size()) {
        return std::nullopt;
    }
    return std::string(tensor.substr(kBegin.size(), tensor.size() - kBegin.size() - end.size()));
}

}  // namespace stet::files
