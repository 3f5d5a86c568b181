// README.md of a folder that leaves Stet: Hugging Face's model card, with what the round beside the adapter says of
// itself. Used by trainer/model/merge and adapter_copy. No Torch. Any thread.
#pragma once

#include <string>

namespace stet::files {

struct ModelCard {
    std::string folder;         // that is made: its name is the heading
    std::string baseModel;      // folder or GGUF file
    std::string adapterFolder;  // beside it the round's resolved.json, report.json and perhaps compare.jsonl; of any
                                // other files nothing is said
    bool adapterAlone = false;  // a PEFT folder; else a whole model
};

std::string modelCardText(const ModelCard& card);

}  // namespace stet::files
