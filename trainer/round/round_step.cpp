#include "trainer/round/round_step.h"

#include "trainer/round/cut_loss.h"
#include "trainer/score/contrast.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace stet::round {

namespace {

// The last n numbers: contexts are aligned by their ends.
at::Tensor lastOf(const at::Tensor& values, std::int64_t n)
{
    return values.narrow(0, values.size(0) - n, n);
}

std::vector<double> toDoubles(const at::Tensor& values)
{
    if (!values.defined()) {
        return {};
    }
    const at::Tensor wide = values.detach().to(c10::kCPU, c10::kDouble).contiguous();
    return {wide.data_ptr<double>(), wide.data_ptr<double>() + wide.numel()};
}

struct Rows {
    std::vector<score::Sequence> sequences;
    std::vector<std::string> keys;
    std::vector<std::int64_t> lengths;

    void add(const score::Sequence& sequence, const std::string& key)
    {
        sequences.push_back(sequence);
        keys.push_back(key);
        lengths.push_back(static_cast<std::int64_t>(sequence.prompt.size() + sequence.response.size()));
    }
};

// Log-probabilities of one example's contexts, each [N].
struct ExampleLogProbs {
    at::Tensor plain;
    at::Tensor judged;
    at::Tensor other;
};

// Groups a batch so that rows × longest stays within the bound; an example's contexts stay together. Keeps the batch's
// order.
std::vector<std::vector<const TrainingExample*>> grouped(const std::vector<const TrainingExample*>& batch,
                                                         std::int64_t maxTokens)
{
    std::vector<std::vector<const TrainingExample*>> groups;
    std::int64_t rows = 0;
    std::int64_t longest = 0;
    for (const TrainingExample* example : batch) {
        const std::int64_t ownRows =
            1 + (example->judged.response.empty() ? 0 : 1) + (example->other.response.empty() ? 0 : 1);
        const std::int64_t ownLongest = example->cost / ownRows;
        if (groups.empty() || (rows + ownRows) * std::max(longest, ownLongest) > maxTokens) {
            groups.emplace_back();
            rows = 0;
            longest = 0;
        }
        rows += ownRows;
        longest = std::max(longest, ownLongest);
        groups.back().push_back(example);
    }
    return groups;
}

std::vector<ExampleLogProbs> forward(const StepContext& context, const std::vector<const TrainingExample*>& group,
                                     std::int64_t step, bool detectionOnly)
{
    Rows rows;
    for (const TrainingExample* example : group) {
        const std::string line = std::to_string(example->source.line);
        rows.add(example->plain, line + ":plain");
        if (!example->judged.response.empty()) {
            rows.add(example->judged, line + ":judged");
        }
    }
    const model::LoraDropout dropout{detectionOnly ? 0.0 : context.dropout, context.settings.seed, step, rows.keys,
                                     rows.lengths};
    const auto logProbs = score::responseLogProbs(context.decoder, {context.terms, &dropout}, rows.sequences);
    std::vector<ExampleLogProbs> result;
    std::size_t row = 0;
    for (const TrainingExample* example : group) {
        ExampleLogProbs one;
        one.plain = lastOf(logProbs[row++], example->tokens);
        if (!example->judged.response.empty()) {
            one.judged = lastOf(logProbs[row++], example->tokens);
        }
        result.push_back(one);
    }
    return result;
}

// The third context of D2 and D4 is for detection only: no gradient, no dropout.
void addOther(const StepContext& context, const std::vector<const TrainingExample*>& group,
              std::vector<ExampleLogProbs>& logProbs)
{
    Rows rows;
    std::vector<std::size_t> owners;
    for (std::size_t i = 0; i < group.size(); ++i) {
        if (!group[i]->other.response.empty()) {
            rows.add(group[i]->other, {});
            owners.push_back(i);
        }
    }
    if (owners.empty()) {
        return;
    }
    const at::NoGradGuard noGrad;
    const auto values = score::responseLogProbs(context.decoder, {context.terms, nullptr}, rows.sequences);
    for (std::size_t i = 0; i < owners.size(); ++i) {
        logProbs[owners[i]].other = lastOf(values[i], group[owners[i]]->tokens);
    }
}

at::Tensor toTensor(const std::vector<char>& flags, c10::Device device)
{
    at::Tensor tensor = at::empty({static_cast<std::int64_t>(flags.size())}, at::kBool);
    std::copy(flags.begin(), flags.end(), tensor.data_ptr<bool>());
    return tensor.to(device);
}

// Sums over a step, kept as numbers so that no graph outlives its micro-batch.
struct Sums {
    double loss = 0;
    double likelihood = 0;
    double unlikelihood = 0;
    std::int64_t criticised = 0;
    std::int64_t criticisedTokens = 0;
    std::int64_t flagged = 0;
    std::int64_t tokens = 0;
    int empty = 0;
};

CutTerms lossOf(const StepContext& context, const TrainingExample& example, const ExampleLogProbs& logProbs, Sums& sums)
{
    const auto& settings = context.settings;
    sums.tokens += example.tokens;
    if (!example.criticised) {
        return acceptedLoss(logProbs.plain);
    }
    ++sums.criticised;
    sums.criticisedTokens += example.tokens;
    CutWeights weights{settings.alpha, settings.gamma, settings.imitate, false, settings.combine};
    if (settings.objective == files::Objective::Unlikelihood) {
        // Every token of a criticised response is pushed down, whatever the judgment says.
        sums.flagged += example.tokens;
        const at::Tensor all = at::ones_like(logProbs.plain, at::kBool);
        weights.gamma = 0;
        const at::Tensor l1 = unlikelihoodTerm(logProbs.plain, {}, all, weights);
        return {l1, l1.detach(), at::zeros_like(l1.detach())};
    }
    const std::vector<char> flags = settings.flags == files::FlagTime::Start
        ? example.flags
        : flagsOf(settings, example, logProbs.plain, logProbs.judged, logProbs.other);
    const auto count = std::count(flags.begin(), flags.end(), 1);
    sums.flagged += count;
    sums.empty += count == 0 ? 1 : 0;
    weights.skipUnlikelihood = count == 0 && settings.emptyFlags == files::EmptyFlags::Skip;
    return criticisedLoss(logProbs.plain, logProbs.judged, toTensor(flags, logProbs.plain.device()), weights);
}

}  // namespace

std::vector<char> flagsOf(const files::RoundSettings& settings, const TrainingExample& example, const at::Tensor& plain,
                          const at::Tensor& judged, const at::Tensor& other)
{
    score::ContrastInput input{toDoubles(plain), toDoubles(judged), {}, {}};
    (score::needsCorrection(settings.contrast) ? input.correction : input.praised) = toDoubles(other);
    const auto ratios = score::logRatios(settings.contrast, input);
    std::vector<char> flags(ratios.size(), 0);
    for (std::size_t i = 0; i < ratios.size(); ++i) {
        const int mark = i < example.marks.size() ? example.marks[i] : 0;
        const bool found = flagged(settings.contrast, ratios[i], settings.lambda);
        switch (settings.marks) {
        case files::MarksUse::Union:
            flags[i] = mark > 0 || (found && mark == 0) ? 1 : 0;
            break;
        case files::MarksUse::Only:
            flags[i] = mark > 0 ? 1 : 0;
            break;
        case files::MarksUse::Ignore:
            flags[i] = found ? 1 : 0;
            break;
        }
    }
    return flags;
}

StepResult accumulateStep(const StepContext& context, const std::vector<const TrainingExample*>& batch,
                          std::int64_t step)
{
    Sums sums;
    for (const auto& group : grouped(batch, context.microBatchTokens)) {
        auto logProbs = forward(context, group, step, false);
        if (context.settings.flags == files::FlagTime::Current) {
            addOther(context, group, logProbs);
        }
        at::Tensor loss;
        for (std::size_t i = 0; i < group.size(); ++i) {
            const CutTerms terms = lossOf(context, *group[i], logProbs[i], sums);
            loss = loss.defined() ? loss + terms.loss : terms.loss;
            sums.likelihood += terms.l2.item<double>();
            sums.unlikelihood += terms.l1.defined() ? terms.l1.item<double>() : 0.0;
        }
        sums.loss += loss.item<double>();
        // A step's loss is the mean over its examples, a last partial batch by its own size.
        (loss / static_cast<double>(batch.size())).backward();
        if (context.betweenMicroBatches) {
            context.betweenMicroBatches();
        }
    }
    const auto count = static_cast<double>(batch.size());
    const double none = std::numeric_limits<double>::quiet_NaN();
    const bool any = sums.criticised > 0;
    return {sums.loss / count,
            sums.likelihood / count,
            any ? sums.unlikelihood / static_cast<double>(sums.criticised) : none,
            any ? static_cast<double>(sums.flagged) / static_cast<double>(sums.criticisedTokens) : none,
            sums.tokens,
            sums.empty};
}

void flagAtStart(const StepContext& context, std::vector<TrainingExample>& examples,
                 const std::function<void(std::int64_t, std::int64_t)>& progress)
{
    const at::NoGradGuard noGrad;
    std::vector<const TrainingExample*> criticised;
    for (const auto& example : examples) {
        if (example.criticised) {
            criticised.push_back(&example);
        }
    }
    std::int64_t done = 0;
    for (const auto& group : grouped(criticised, context.microBatchTokens)) {
        auto logProbs = forward(context, group, 0, true);
        addOther(context, group, logProbs);
        for (std::size_t i = 0; i < group.size(); ++i) {
            auto& example = examples[static_cast<std::size_t>(group[i] - examples.data())];
            example.flags =
                flagsOf(context.settings, example, logProbs[i].plain, logProbs[i].judged, logProbs[i].other);
        }
        done += static_cast<std::int64_t>(group.size());
        if (progress) {
            progress(done, static_cast<std::int64_t>(criticised.size()));
        }
        if (context.betweenMicroBatches) {
            context.betweenMicroBatches();
        }
    }
}

}  // namespace stet::round
