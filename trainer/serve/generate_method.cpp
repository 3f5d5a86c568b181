// generate/run.
#include "contract/generate.h"
#include "contract/message.h"
#include "trainer/serve/served_model.h"
#include "trainer/serve/text_stream.h"
#include "trainer/serve/wire_options.h"

namespace stet::serve {

namespace method = contract::method;

namespace {

contract::GenerateResult generate(LoadedModel& model, const contract::GenerateRequest& request,
                                  const MethodContext& context)
{
    std::vector<model::GenerateItem> list;
    for (const auto& item : request.items) {
        list.push_back({item.id, model.encoder().promptIds(text::Context::Plain, item)});
    }
    model::GenerateEvents events;
    events.cancelled = context.cancelled;
    std::vector<TextStream> streams(list.size(), TextStream(model.encoder().tokenizer()));
    events.onToken = [&](std::size_t index, std::int64_t id) {
        const std::string text = request.stream ? streams[index].add(id) : std::string();
        if (!text.empty()) {
            context.notify(method::kGenerateText, contract::GeneratedPiece{idOf(request.items[index]), text});
        }
        context.serveInteractive();
    };
    events.onDone = [&](std::size_t index, const model::Generated& generated) {
        context.notify(method::kGenerateItem, generatedLine(request.items[index], generated, model.encoder()));
    };
    model::generate(model.decoder(), model.adapters(request.adapter), list, model.encoder().end().stopIds,
                    generateOptions(request.sampling), events);
    return {static_cast<std::int64_t>(list.size())};
}

}  // namespace

void bindGenerate(HandlerTable& table, ServedModel& model)
{
    table.bind<contract::GenerateRequest>(
        method::kGenerate, Answered::InTurn,
        [&model](const contract::GenerateRequest& request, const MethodContext& context) {
            return generate(model.model(), request, context);
        });
}

}  // namespace stet::serve
