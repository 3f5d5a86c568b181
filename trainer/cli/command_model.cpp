#include "trainer/cli/command_model.h"

#include "trainer/text/adapter_folder.h"

namespace stet::cli {

serve::LoadedModel loadForCommand(const CommonOptions& options, const std::string& promptStyle,
                                  const std::vector<std::string>& adapters)
{
    // What PEFT can say and we can't is refused before a large model is read.
    for (const auto& adapter : adapters) {
        if (!serve::isBase(adapter)) {
            (void)text::openAdapterFolder(adapter);
        }
    }
    if (!serve::isBase(options.adapter)) {
        (void)text::openAdapterFolder(options.adapter);
    }
    serve::LoadedModel model(options.model, options.compute, promptStyle, [](double) {
        if (interrupted()) {
            throw model::Cancelled();
        }
    });
    sayWarnings(model.folder().warnings);
    sayDevice(model.decoder().compute());
    return model;
}

}  // namespace stet::cli
