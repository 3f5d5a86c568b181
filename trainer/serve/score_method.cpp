// score/run.
#include "contract/message.h"
#include "contract/score.h"
#include "trainer/detect/false_alarms.h"
#include "trainer/serve/served_model.h"
#include "trainer/serve/wire_options.h"

namespace stet::serve {

namespace method = contract::method;

namespace {

constexpr double kWantedFalseAlarms = 0.05;

using Score = std::function<score::ScoreResult(const files::Example&, const score::ScoreOptions&)>;

// What each of the other judgments lights up in the example's place: the false alarms of this threshold, and the
// threshold for a wanted share of them.
void addFalseAlarms(contract::ScoreLine& line, const score::Scorer& scorer, const files::Example& example,
                    const score::ScoreOptions& options, const Score& score)
{
    detect::FalseAlarms alarms(options.detection.contrast);
    for (const auto& judgment : options.otherJudgments) {
        files::Example other = example;
        other.judgment = judgment;
        score::ScoreOptions without = options;  // what is measured against others: each against the rest
        std::erase(without.otherJudgments, judgment);
        const bool alone = comparesWithOthers(options.detection.contrast) && without.otherJudgments.empty();
        if (!alone && !scorer.whyLeftOut(other, without)) {
            alarms.add(score(other, without).detection.logRatios);
        }
    }
    if (alarms.tokens() > 0) {
        line.falseAlarmShare = alarms.share(options.detection.lambda);
        line.lambdaProposed = alarms.lambdaFor(kWantedFalseAlarms);
    }
}

contract::ScoreLine scoreOf(ServedModel& served, const contract::ScoreRequest& request, const MethodContext& context)
{
    auto& model = served.model();
    const auto& example = request.example;
    if (!example.output) {
        throw contract::missing({method::kScore, "output"});
    }
    const auto options = scoreOptions(request.scoring, method::kScore);
    const auto adapters = model.adapters(request.adapter);
    const std::string key = LoadedModel::adapterKey(request.adapter);
    const Score scored = [&](const files::Example& one, const score::ScoreOptions& how) {
        return served.scorer().score(one, how, adapters, key, context.cancelled);
    };
    contract::ScoreLine line = scoreLine(example, scored(example, options), model.encoder());
    if (example.judgment && !options.otherJudgments.empty()) {
        addFalseAlarms(line, served.scorer(), example, options, scored);
    }
    return line;
}

}  // namespace

void bindScore(HandlerTable& table, ServedModel& model)
{
    table.bind<contract::ScoreRequest>(method::kScore, Answered::Interactive,
                                       [&model](const contract::ScoreRequest& request, const MethodContext& context) {
                                           return scoreOf(model, request, context);
                                       });
}

}  // namespace stet::serve
