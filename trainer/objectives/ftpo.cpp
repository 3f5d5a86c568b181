#include "trainer/objectives/ftpo.h"

#include "base/flag_rule.h"
#include "trainer/objectives/flagged.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <limits>
#include <set>

namespace stet::round {

namespace {

using text::Context;

enum : std::size_t { kPlain };

at::Tensor idTensor(const std::vector<std::int64_t>& ids, c10::Device device)
{
    return at::tensor(ids, at::kLong).to(device);
}

// [U, 1 + K] of [N, V]: each target's number at its position.
at::Tensor atTargets(const at::Tensor& values, const FtpoTargets& targets)
{
    return values.index({targets.positions.unsqueeze(1), targets.ids});
}

// Of the numbers that count in each row.
at::Tensor meanWhere(const at::Tensor& values, const at::Tensor& there)
{
    return at::where(there, values, 0.0).sum(-1) / there.sum(-1).clamp_min(1);
}

// Mean over the rows chosen, a tensor with gradient also where there is none.
at::Tensor meanOfRows(const at::Tensor& values, const at::Tensor& rows)
{
    return at::where(rows, values, 0.0).sum() / rows.sum().clamp_min(1);
}

class Ftpo : public FlaggedObjective {
public:
    using FlaggedObjective::FlaggedObjective;

    bool wholeVocabulary() const override { return true; }
    bool comparesWithBefore() const override { return true; }

    ExampleLoss loss(const TrainingExample& example, const ExampleLogProbs& values) const override
    {
        ExampleLoss result;
        const TokenLogProbs& plain = values[kPlain];
        std::vector<char> unwanted(static_cast<std::size_t>(plain.all.size(0)), 0);  // an accepted response has none
        std::vector<char> flags = unwanted;
        if (example.criticised) {
            unwanted = penalised(example, values);
            flags = pushed(settings().ftpo.push, unwanted, example.words);
            result = countFlags(example, flags);
        }
        const auto& ids = example.readings[kPlain].sequence.response;
        const FtpoTargets targets = ftpoTargets(
            plain.before, {ids.end() - static_cast<std::ptrdiff_t>(flags.size()), ids.end()}, flags, settings().ftpo);
        result.loss = held(plain, targets, flags, result);
        if (result.flagged > 0) {
            const FtpoPreference preference = ftpoPreference(plain.all, targets, settings().ftpo);
            result.loss = result.loss + preference.loss.mean();
            result.unlikelihood = preference.loss.mean().detach();
            result.measures["margin"] = preference.margin.mean();
            result.measures["accuracy"] = preference.won.mean();
        }
        addImitation(plain, unwanted, result);
        return result;
    }

private:
    bool trainsOn(Context context) const override { return context == Context::Plain; }

    // Everything but the preference, by its weights.
    at::Tensor held(const TokenLogProbs& plain, const FtpoTargets& targets, const std::vector<char>& flags,
                    ExampleLoss& result) const
    {
        const files::FtpoSettings& weights = settings().ftpo;
        const FtpoDrift drift = ftpoDrift(plain.all, plain.before, targets, weights.grace);
        const at::Tensor flagged = toTensor(flags, plain.all.device());
        result.measures["drift"] = drift.others.mean().detach();
        const at::Tensor all = meanOfRows(drift.others, flagged) * weights.others +
            meanOfRows(drift.others, flagged.logical_not()) * weights.rest;
        return result.flagged > 0 ? all + drift.targets.mean() * weights.targets : all;
    }

    // Of what is not penalised; a criticised response of which nothing is flagged is no example to follow.
    void addImitation(const TokenLogProbs& plain, const std::vector<char>& unwanted, ExampleLoss& result) const
    {
        if (settings().imitate == 0 || (result.nothingFlagged && settings().emptyFlags == files::EmptyFlags::Skip)) {
            return;
        }
        const at::Tensor others = toTensor(unwanted, plain.logP.device()).logical_not();
        const at::Tensor likelihood = meanOfRows(-plain.logP, others);
        result.loss = result.loss + likelihood * settings().imitate;
        result.likelihood = likelihood.detach();
    }
};

}  // namespace

FtpoTargets ftpoTargets(const at::Tensor& reference, const std::vector<std::int64_t>& response,
                        const std::vector<char>& flags, const files::FtpoSettings& settings)
{
    std::vector<std::int64_t> positions;
    std::vector<std::int64_t> rejected;
    for (std::size_t t = 0; t < flags.size(); ++t) {
        if (flags[t] != 0) {
            positions.push_back(static_cast<std::int64_t>(t));
            rejected.push_back(response[t]);
        }
    }
    const std::set<std::int64_t> unwanted(rejected.begin(), rejected.end());
    const auto device = reference.device();
    FtpoTargets targets;
    targets.positions = idTensor(positions, device);
    const at::Tensor wanted = reference.index_select(0, targets.positions)
                                  .index_fill(1, idTensor({unwanted.begin(), unwanted.end()}, device),
                                              -std::numeric_limits<double>::infinity());
    const auto [likeliest, ids] = wanted.topk(std::min(settings.topK, wanted.size(1)), -1);
    const at::Tensor shares = (likeliest - wanted.logsumexp(-1, true)).exp();
    // A token counts while those before it make up less.
    const at::Tensor there = at::logical_and((shares.cumsum(-1) - shares).lt(settings.topP), at::isfinite(likeliest));
    const at::Tensor own = idTensor(rejected, device).unsqueeze(1);
    targets.ids = at::cat({own, ids}, 1);
    targets.there = at::cat({at::ones_like(own, at::kBool), there}, 1);
    return targets;
}

FtpoPreference ftpoPreference(const at::Tensor& logP, const FtpoTargets& targets, const files::FtpoSettings& settings)
{
    const at::Tensor values = atTargets(logP, targets);
    const at::Tensor margins = values.slice(1, 1) - values.slice(1, 0, 1);
    const at::Tensor there = targets.there.slice(1, 1);
    const at::Tensor lacking = settings.epsilon - margins;
    const at::Tensor weights = (lacking.detach() / settings.epsilon).clamp(0, 1);
    const at::Tensor known = margins.detach();
    return {meanWhere(weights * at::softplus(lacking / settings.tau), there), meanWhere(known, there),
            meanWhere((known > 0).to(at::kFloat), there)};
}

FtpoDrift ftpoDrift(const at::Tensor& logP, const at::Tensor& reference, const FtpoTargets& targets, double grace)
{
    const at::Tensor moved = logP - reference;
    at::Tensor free = at::ones_like(moved, at::kBool);
    // What stands in the place of a chosen token that is not there is no target: the rejected one twice.
    const at::Tensor ids = at::where(targets.there, targets.ids, targets.ids.slice(1, 0, 1));
    free.index_put_({targets.positions.unsqueeze(1), ids}, at::zeros({}, free.options()));
    const at::Tensor count = free.sum(-1).clamp_min(1);
    const at::Tensor shift = at::where(free, moved, 0.0).sum(-1) / count;
    const at::Tensor others = at::where(free, moved - shift.unsqueeze(1), 0.0).square().sum(-1) / count;
    const at::Tensor beyond = ((atTargets(logP, targets) - atTargets(reference, targets)) -
                               shift.index_select(0, targets.positions).unsqueeze(1))
                                  .abs() -
        grace;
    return {others, meanWhere(beyond.clamp_min(0).square(), targets.there)};
}

std::unique_ptr<Objective> makeFtpoObjective(const files::RoundSettings& settings)
{
    return std::make_unique<Ftpo>(settings);
}

}  // namespace stet::round
