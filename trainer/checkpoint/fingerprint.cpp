#include "trainer/checkpoint/fingerprint.h"

#include "base/sha256.h"

namespace stet::round {

std::string hashOfSequences(const std::vector<model::Sequence>& sequences)
{
    std::string bytes;
    for (const auto& sequence : sequences) {
        for (const auto* ids : {&sequence.prompt, &sequence.response}) {
            bytes += std::to_string(ids->size()) + ":";
            bytes.append(reinterpret_cast<const char*>(ids->data()), ids->size() * sizeof(std::int64_t));
        }
    }
    return toHex(sha256(bytes));
}

std::string hashOfModel(const files::ModelFolder& model)
{
    // A GGUF file holds its settings and its tokenizer.
    std::string all =
        model.isGguf() ? "" : sha256OfFile(model.path + "/config.json") + sha256OfFile(model.path + "/tokenizer.json");
    for (const auto& file : model.weightFiles) {
        all += sha256OfFile(file);
    }
    return toHex(sha256(all));
}

}  // namespace stet::round
