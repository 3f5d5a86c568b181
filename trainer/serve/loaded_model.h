// A model folder loaded for computing: decoder, encoder, adapters by path. Compute thread; owned by a command or by the
// server.
#pragma once

#include "contract/generate.h"
#include "contract/model.h"
#include "trainer/model/decoder.h"
#include "trainer/model/generate.h"
#include "trainer/text/example_encoder.h"

#include <list>
#include <memory>
#include <string>

namespace stet::serve {

// How requests and options name the base model.
bool isBase(const std::string& path);

class LoadedModel {
public:
    LoadedModel(const std::string& folder, const model::ComputeOptions& compute, const std::string& promptStyle,
                const std::function<void(double)>& progress = {});

    const files::ModelFolder& folder() const { return m_folder; }
    const model::Decoder& decoder() const { return *m_decoder; }
    const text::ExampleEncoder& encoder() const { return *m_encoder; }

    // Empty path or "base": the base model. Loaded once per path and time of change; valid until forgetAdapters.
    model::Adapters adapters(const std::string& path);
    // Frees all adapters but the `kept` that were asked for last: a long session trains one after another.
    void forgetAdapters(std::size_t kept);
    std::size_t adaptersHeld() const { return m_adapters.size(); }
    // Names the adapter for caches: path and time of change.
    static std::string adapterKey(const std::string& path);

private:
    files::ModelFolder m_folder;
    std::unique_ptr<model::Decoder> m_decoder;
    std::unique_ptr<text::ExampleEncoder> m_encoder;
    std::list<std::pair<std::string, model::Adapter>> m_adapters;  // by adapterKey; asked for last first
};

// What `describe` and the window say of a model folder: headers only.
contract::ModelDescription describeModel(const std::string& folder, const model::ComputeOptions& compute);

// An answer as `generate` and the server tell it.
contract::GeneratedLine generatedLine(const files::Example& example, const model::Generated& generated,
                                      const text::ExampleEncoder& encoder);

}  // namespace stet::serve
