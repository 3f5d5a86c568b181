// round/start, round/preview and round/flags.
#include "base/failure.h"
#include "contract/message.h"
#include "contract/round.h"
#include "trainer/serve/carried_round.h"
#include "trainer/serve/served_model.h"

namespace stet::serve {

namespace method = contract::method;

namespace {

round::Stop stopOf(const MethodContext& context)
{
    const auto said = context.roundStop();
    return said == round::Stop::None && context.cancelled() ? round::Stop::Pause : said;
}

round::RoundHooks hooksOf(const std::string& folder, const MethodContext& context, contract::RoundProgress& progress)
{
    progress.dir = folder;
    round::RoundHooks hooks;
    hooks.onPhase = [&](round::Phase phase) {
        progress.phase = phase;
        context.notify(method::kRoundProgress, progress);
    };
    hooks.onScored = [&](const round::ScoringProgress& scored) {
        contract::RoundProgress told = progress;
        told.done = scored.done;
        told.total = scored.all;
        told.secondsLeft = scored.secondsLeft;
        context.notify(method::kRoundProgress, told);
    };
    hooks.onStep = [&](const round::RoundProgress& step) {
        contract::RoundProgress told = progress;
        told.step = step.done;
        told.step->examples.clear();
        told.steps = step.steps;
        told.secondsLeft = step.secondsLeft;
        context.notify(method::kRoundProgress, told);
    };
    hooks.onWarning = [&](const std::string& warning) {
        contract::RoundProgress told = progress;
        told.warning = warning;
        context.notify(method::kRoundProgress, told);
    };
    hooks.betweenMicroBatches = context.serveInteractive;
    hooks.stopRequested = [&] { return stopOf(context); };
    hooks.saveRequested = context.roundSave;
    return hooks;
}

contract::RoundResult start(const ServedModel& model, const contract::RoundStart& request, const MethodContext& context)
{
    if (request.settings) {
        placeRound(request.dir, *request.settings, *request.examples);
    }
    round::RoundOptions options = model.roundOptions();
    options.restart = request.restart;
    options.keep = request.keep;
    contract::RoundProgress progress;
    return round::runRound(request.dir, options, hooksOf(request.dir, context, progress));
}

contract::DetectionSummary flags(const ServedModel& model, const contract::RoundData& request,
                                 const MethodContext& context)
{
    round::RoundHooks hooks;
    hooks.betweenMicroBatches = [&] {
        context.serveInteractive();
        if (context.cancelled()) {
            throw model::Cancelled();
        }
    };
    return round::previewDetection(RoundFolder(request).path(), model.roundOptions(), hooks);
}

}  // namespace

void bindRoundMethods(HandlerTable& table, ServedModel& model)
{
    table.bind<contract::RoundStart>(method::kRoundStart, Answered::InTurn,
                                     [&model](const contract::RoundStart& request, const MethodContext& context) {
                                         return start(model, request, context);
                                     });
    table.bind<contract::RoundData>(method::kPreview, Answered::Interactive,
                                    [&model](const contract::RoundData& request, const MethodContext&) {
                                        return round::previewRound(RoundFolder(request).path(), model.roundOptions());
                                    });
    table.bind<contract::RoundData>(method::kFlags, Answered::InTurn,
                                    [&model](const contract::RoundData& request, const MethodContext& context) {
                                        return flags(model, request, context);
                                    });
}

}  // namespace stet::serve
