// The architectures that are read from GGUF: what their metadata mean, as a config.json of Hugging Face, so that the
// families of trainer/files/families describe them. Used by config.cpp and weights.cpp. Source: the converters of
// llama.cpp (conversion/*.py) and what it does with each key. No Torch. Any thread.
#pragma once

#include "base/json.h"
#include "trainer/files/gguf/model_file.h"

#include <set>
#include <string>

namespace stet::files::gguf {

// The keys below "ARCHITECTURE.", and which of them somebody has asked for.
class Keys {
public:
    Keys(const Metadata& metadata, std::string prefix) : m_metadata(metadata), m_prefix(std::move(prefix)) { }

    std::optional<std::int64_t> integer(const std::string& key) { return m_metadata.sameInEveryLayer(used(key)); }
    std::optional<double> number(const std::string& key) { return m_metadata.number(used(key)); }
    std::optional<bool> flag(const std::string& key) { return m_metadata.flag(used(key)); }
    std::optional<std::string> text(const std::string& key) { return m_metadata.text(used(key)); }
    std::vector<double> numbers(const std::string& key) { return m_metadata.numbers(used(key)); }
    bool has(const std::string& key) const { return m_metadata.has(m_prefix + "." + key); }
    bool isList(const std::string& key) const;

    std::int64_t requiredInteger(const std::string& key);
    double requiredNumber(const std::string& key);

    // What it means elsewhere is known and doesn't matter here.
    void passOver(const std::string& key) { used(key); }
    // Failure(ModelRefused) with `why`, if the key is there, is neither 0 nor false, and nobody has asked for it.
    void refuse(const std::string& key, const std::string& why);
    // Nobody asked for them.
    std::vector<std::string> unknown() const;

    const Metadata& metadata() const { return m_metadata; }

private:
    std::string used(const std::string& key);

    const Metadata& m_metadata;
    std::string m_prefix;
    std::set<std::string> m_used;
};

struct Architecture {
    const char* name;         // general.architecture
    const char* huggingFace;  // "LlamaForCausalLM"
    const char* modelType;    // "llama"
    bool pairedRows = false;  // a head's rows of q and k are interleaved for llama.cpp's older rotation
    void (*describe)(Keys& keys, Json& config) = nullptr;  // what only this one has; may be null
};

// Failure(ModelRefused) names one that is not read.
const Architecture& architectureOf(const Metadata& metadata);

// The one that holds models of Hugging Face's name, "MistralForCausalLM"; Failure(ModelRefused) names another.
const Architecture& architectureFor(const std::string& huggingFace);

}  // namespace stet::files::gguf
