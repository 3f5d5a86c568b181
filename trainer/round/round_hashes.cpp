#include "trainer/round/round_hashes.h"

#include "base/sha256.h"

namespace stet::round {

namespace {

// Settings that may change between two runs of one round; the model's path may, its bytes may not.
Json settingsThatMatter(const files::RoundSettings& settings)
{
    Json json = files::toJson(settings);
    for (const char* free : {"model", "device", "threads", "checkpoint_every_steps", "keep_checkpoints"}) {
        json.erase(free);
    }
    return json;
}

// What the model is given to read: it depends on prompt texts, chat template and special tokens, too.
std::string hashOfReadings(const TrainingSet& set)
{
    std::vector<score::Sequence> all;
    for (const auto* examples : {&set.examples, &set.anchors}) {
        for (const auto& example : *examples) {
            for (const auto& reading : example.readings) {
                all.push_back(reading.sequence);
            }
        }
    }
    return hashOfSequences(all);
}

}  // namespace

std::string hashOfSequences(const std::vector<score::Sequence>& sequences)
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
    std::string all = sha256OfFile(model.path + "/config.json") + sha256OfFile(model.path + "/tokenizer.json");
    for (const auto& file : model.weightFiles) {
        all += sha256OfFile(file);
    }
    return toHex(sha256(all));
}

RoundHashes hashesOf(const RoundSetup& setup)
{
    const auto& settings = setup.settings;
    RoundHashes hashes;
    hashes.examples = sha256OfFile(setup.folder + "/examples.jsonl");
    hashes.model = hashOfModel(setup.modelFolder);
    if (settings.parentUse != files::ParentUse::None) {
        hashes.parent = toHex(sha256(sha256OfFile(settings.parentAdapter + "/adapter_model.safetensors") +
                                     sha256OfFile(settings.parentAdapter + "/adapter_config.json")));
    }
    hashes.round = toHex(sha256(settingsThatMatter(settings).dump() + hashes.examples + hashes.model + hashes.parent +
                                hashOfReadings(setup.set)));
    return hashes;
}

}  // namespace stet::round
