#include "trainer/serve/methods.h"

#include "base/failure.h"
#include "base/files.h"
#include "trainer/compare/compare.h"
#include "contract/message.h"
#include "trainer/score/false_alarms.h"
#include "trainer/serve/method_params.h"
#include "trainer/serve/output_file.h"
#include "trainer/serve/text_stream.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace stet::serve {

namespace method = contract::method;

namespace {

constexpr std::array<const char*, 8> kMethods = {method::kDescribe, method::kLoad,       method::kScore,
                                                 method::kGenerate, method::kRoundStart, method::kPreview,
                                                 method::kFlags,    method::kCompare};

constexpr double kWantedFalseAlarms = 0.05;
constexpr std::size_t kKeptAdapters = 4;  // before, after, the project's current and one that is looked at

// Scoring all examples before the first step may take minutes, and has written nothing yet.
struct StoppedBeforeTraining {
    round::Stop how = round::Stop::Pause;
};

// A large model has hundreds of tensors: about ten notifications a second, and always the last.
class LoadProgress {
public:
    explicit LoadProgress(const MethodContext& context) : m_context(context) { }

    void update(double share)
    {
        if (m_context.cancelled()) {
            throw model::Cancelled();
        }
        const auto now = std::chrono::steady_clock::now();
        if (now - m_last >= std::chrono::milliseconds(100)) {
            m_last = now;
            say(std::min(share, 1.0));
        }
    }

    void done()
    {
        if (m_said < 1) {
            say(1);
        }
    }

private:
    void say(double share)
    {
        m_said = share;
        m_context.notify(method::kLoadProgress, {{"share", share}});
    }

    const MethodContext& m_context;
    std::chrono::steady_clock::time_point m_last;
    double m_said = -1;
};

// What each of the other judgments lights up in the example's place: the false alarms of this threshold, and the
// threshold for a wanted share of them.
void addFalseAlarms(Json& line, score::Scorer& scorer, const files::Example& example,
                    const score::ScoreOptions& options,
                    const std::function<score::ScoreResult(const files::Example&, const score::ScoreOptions&)>& score)
{
    score::FalseAlarms alarms(options.contrast);
    for (const auto& judgment : options.otherJudgments) {
        files::Example other = example;
        other.judgment = judgment;
        score::ScoreOptions without = options;  // contrast D5 compares each with the rest
        std::erase(without.otherJudgments, judgment);
        const bool alone = options.contrast == Contrast::D5 && without.otherJudgments.empty();
        if (!alone && !scorer.whyLeftOut(other, without)) {
            alarms.add(score(other, without).logRatio);
        }
    }
    if (alarms.tokens() > 0) {
        line["false_alarm_share"] = alarms.share(options.lambda);
        line["lambda_proposed"] = alarms.lambdaFor(kWantedFalseAlarms);
    }
}

}  // namespace

bool Methods::knows(const std::string& name)
{
    return std::any_of(kMethods.begin(), kMethods.end(), [&](const char* known) { return name == known; });
}

// Adapters of past rounds don't stay for ever. A call within another leaves them: the outer one has its own in use.
Json Methods::call(const std::string& name, const Json& params, const MethodContext& context)
{
    struct Count {
        explicit Count(int& calls) : of(calls) { ++of; }
        ~Count() { --of; }
        int& of;
    } const count(m_calls);
    if (m_calls == 1 && m_model) {
        m_model->forgetAdapters(kKeptAdapters);
    }
    return answer(name, params, context);
}

Json Methods::answer(const std::string& name, const Json& params, const MethodContext& context)
{
    if (name == method::kDescribe) {
        return describeModel(requiredString(params, "model", name), computeOptions(params, name));
    }
    if (name == method::kLoad) {
        return load(params, context);
    }
    if (name == method::kScore) {
        return score(params, context);
    }
    if (name == method::kGenerate) {
        return generate(params, context);
    }
    if (name == method::kPreview) {
        return round::previewRound(requiredString(params, "dir", name));
    }
    if (name == method::kFlags) {
        return foreseeFlags(params, context);
    }
    if (name == method::kRoundStart) {
        return startRound(params, context);
    }
    return compare(params, context);
}

LoadedModel& Methods::loaded()
{
    if (!m_model) {
        throw Failure(FailureKind::Usage, "No model is loaded; send model/load first");
    }
    return *m_model;
}

Json Methods::load(const Json& params, const MethodContext& context)
{
    const std::string what = method::kLoad;
    const std::string path = requiredString(params, "model", what);
    const auto style = optionalString(params, "prompt_style", what).value_or("auto");
    const auto compute = computeOptions(params, what);
    // A folder that can't be loaded leaves the model that is there.
    Json result = describeModel(path, compute);
    // Freed first: two models need not fit at once.
    m_scorer.reset();
    m_model.reset();
    LoadProgress progress(context);
    m_model = std::make_unique<LoadedModel>(path, compute, style, [&](double share) { progress.update(share); });
    progress.done();
    m_modelPath = path;
    m_scorer = std::make_unique<score::Scorer>(m_model->decoder(), m_model->encoder());
    result["prompt_style"] = m_model->encoder().style().name();
    return result;
}

Json Methods::score(const Json& params, const MethodContext& context)
{
    const std::string what = method::kScore;
    auto& model = loaded();
    const auto example = files::parseExample(params, what, true);
    const auto options = scoreOptions(params, what);
    const std::string adapter = optionalString(params, "adapter", what).value_or("");
    const auto adapters = model.adapters(adapter);
    const std::string key = LoadedModel::adapterKey(adapter);
    const auto scored = [&](const files::Example& one, const score::ScoreOptions& how) {
        return m_scorer->score(one, how, adapters, key, context.cancelled);
    };
    Json line = scoreToJson(example, scored(example, options), model.encoder());
    if (example.judgment && !options.otherJudgments.empty()) {
        addFalseAlarms(line, *m_scorer, example, options, scored);
    }
    return line;
}

Json Methods::generate(const Json& params, const MethodContext& context)
{
    const std::string what = method::kGenerate;
    auto& model = loaded();
    const auto items = params.find("items");
    if (items == params.end() || !items->is_array()) {
        throw badInput(what + ": field 'items' must be a list");
    }
    std::vector<model::GenerateItem> list;
    for (const auto& item : *items) {
        const auto example = files::parseExample(item, what, false);
        list.push_back({example.id, model.encoder().promptIds(text::Context::Plain, example)});
    }
    model::GenerateEvents events;
    events.cancelled = context.cancelled;
    std::vector<TextStream> streams(list.size(), TextStream(model.encoder().tokenizer()));
    const bool stream = optionalBool(params, "stream", what).value_or(false);
    events.onToken = [&](std::size_t index, std::int64_t id) {
        const std::string text = stream ? streams[index].add(id) : std::string();
        if (!text.empty()) {
            context.notify(method::kGenerateText, {{"id", (*items)[index].at("id")}, {"text", text}});
        }
        context.serveInteractive();
    };
    events.onDone = [&](std::size_t index, const model::Generated& generated) {
        context.notify(method::kGenerateItem,
                       {{"id", (*items)[index].at("id")},
                        {"output", model.encoder().tokenizer().decode(generated.ids, true)},
                        {"tokens", generated.ids.size()},
                        {"stopped", generated.stoppedByLength ? "length" : "eos"}});
    };
    model::generate(model.decoder(), model.adapters(optionalString(params, "adapter", what).value_or("")), list,
                    model.folder().stopIds, generateOptions(params, what), events);
    return {{"count", list.size()}};
}

// The loaded model, where it is the round's own.
round::RoundOptions Methods::roundOptions() const
{
    round::RoundOptions options;
    if (m_model) {
        options.decoder = &m_model->decoder();
        options.decoderModel = m_modelPath;
    }
    return options;
}

Json Methods::foreseeFlags(const Json& params, const MethodContext& context)
{
    round::RoundHooks hooks;
    hooks.betweenMicroBatches = [&] {
        context.serveInteractive();
        if (context.cancelled()) {
            throw model::Cancelled();
        }
    };
    return round::foreseeFlags(requiredString(params, "dir", method::kFlags), roundOptions(), hooks);
}

Json Methods::startRound(const Json& params, const MethodContext& context)
{
    const std::string folder = requiredString(params, "dir", method::kRoundStart);
    round::RoundOptions options = roundOptions();
    options.restart = optionalBool(params, "restart", method::kRoundStart).value_or(false);
    round::RoundHooks hooks;
    std::string phase;
    hooks.onPhase = [&](const std::string& name) {
        phase = name;
        context.notify(method::kRoundProgress, {{"dir", folder}, {"phase", name}});
    };
    hooks.onStep = [&](const round::RoundProgress& progress) {
        Json line = progress.logLine;
        line.erase("examples");
        line["dir"] = folder;
        line["phase"] = phase;
        line["steps"] = progress.steps;
        line["eta"] = progress.secondsLeft;
        context.notify(method::kRoundProgress, std::move(line));
    };
    hooks.onWarning = [&](const std::string& warning) {
        context.notify(method::kRoundProgress, {{"dir", folder}, {"phase", phase}, {"warning", warning}});
    };
    const auto stop = [&] {
        const auto said = context.roundStop();
        return said == round::Stop::None && context.cancelled() ? round::Stop::Pause : said;
    };
    hooks.betweenMicroBatches = [&] {
        context.serveInteractive();
        if (phase == "scoring" && (stop() == round::Stop::Pause || stop() == round::Stop::Discard)) {
            throw StoppedBeforeTraining{stop()};
        }
    };
    hooks.stopRequested = stop;
    hooks.saveRequested = context.roundSave;
    try {
        const auto result = round::runRound(folder, options, hooks);
        return {{"outcome", round::outcomeName(result.outcome)}, {"report", result.report}};
    } catch (const StoppedBeforeTraining& stopped) {
        const auto name = stopped.how == round::Stop::Pause ? round::Outcome::Paused : round::Outcome::Discarded;
        return {{"outcome", round::outcomeName(name)},
                {"report", {{"outcome", round::outcomeName(name)}, {"step", 0}}}};
    }
}

Json Methods::compare(const Json& params, const MethodContext& context)
{
    const std::string what = method::kCompare;
    auto& model = loaded();
    const std::string in = requiredString(params, "in", what);
    const std::string published = requiredString(params, "out", what);
    refuseUnwritable(published, in);
    const auto file = files::readExamples(in, false);
    compare::CompareOptions options;
    options.generate = generateOptions(params, what);
    options.score = scoreOptions(params, what);
    const auto side = [&](const char* field) {
        const std::string path = optionalString(params, field, what).value_or("base");
        return compare::Side{model.adapters(path), LoadedModel::adapterKey(path)};
    };
    compare::CompareHooks hooks;
    hooks.cancelled = context.cancelled;
    hooks.onProgress = [&](std::int64_t done, std::int64_t total) {
        context.notify(method::kCompareProgress, {{"done", done}, {"total", total}});
        context.serveInteractive();
    };
    std::string out;
    hooks.onLine = [&](const Json& line) { out += toLine(line) + "\n"; };
    const Json summary = compare::compare(model.decoder(), model.encoder(), model.folder().stopIds, file.examples,
                                          side("before"), side("after"), options, hooks);
    out += toLine(summary) + "\n";
    publishFile(published, out);
    return summary;
}

}  // namespace stet::serve
