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

}  // namespace

std::string hashOfWeights(const files::ModelFolder& model)
{
    std::string all;
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
    hashes.model = hashOfWeights(setup.modelFolder);
    if (settings.parentUse != files::ParentUse::None) {
        hashes.parent = sha256OfFile(settings.parentAdapter + "/adapter_model.safetensors");
    }
    hashes.round = toHex(sha256(settingsThatMatter(settings).dump() + hashes.examples + hashes.model + hashes.parent));
    return hashes;
}

}  // namespace stet::round
