// A round that is finished without being trained: its adapter is small, fits the example's model and changes what it
// says. For tests of what is done with a round.
#pragma once

#include "annotate/store/project.h"
#include "base/files.h"
#include "base/json.h"

#include <filesystem>
#include <string>

namespace stet::test {

// Of rank 1 on one layer of the example's model.
inline void writeExampleAdapter(const std::string& folder)
{
    constexpr int kIn = 352;
    constexpr int kOut = 128;
    const std::string stem = "base_model.model.model.layers.0.mlp.down_proj";
    const Json header = {
        {stem + ".lora_A.weight", {{"dtype", "F32"}, {"shape", {1, kIn}}, {"data_offsets", {0, 4 * kIn}}}},
        {stem + ".lora_B.weight",
         {{"dtype", "F32"}, {"shape", {kOut, 1}}, {"data_offsets", {4 * kIn, 4 * (kIn + kOut)}}}}};
    const std::string text = header.dump();
    std::string length(8, '\0');
    for (int i = 0; i < 8; ++i) {
        length[static_cast<std::size_t>(i)] = static_cast<char>(text.size() >> (8 * i) & 0xFFU);
    }
    std::string numbers;
    for (int i = 0; i < kIn + kOut; ++i) {
        const float number = 0.01F * static_cast<float>(i % 7 - 3);
        numbers.append(reinterpret_cast<const char*>(&number), sizeof number);
    }
    publishFile(folder + "/adapter_model.safetensors", length + text + numbers);
    publishFile(
        folder + "/adapter_config.json",
        R"({"peft_type": "LORA", "task_type": "CAUSAL_LM", "r": 1, "lora_alpha": 1, "target_modules": ["down_proj"],
                    "layers_to_transform": [0]})");
}

// The next round of a project of the example, on the base model. Its number.
inline int addFinishedRound(annotate::Project& project)
{
    const int number = project.addRound(0, "stable");
    const std::string adapter = project.roundFolder(number) + "/adapter";
    std::filesystem::create_directories(adapter);
    writeExampleAdapter(adapter);
    auto record = project.round(number);
    record.state = annotate::RoundState::Finished;
    project.updateRound(record);
    return number;
}

}  // namespace stet::test
