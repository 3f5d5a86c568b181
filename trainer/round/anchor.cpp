#include "trainer/round/anchor.h"

#include "trainer/objectives/divergence.h"
#include "trainer/objectives/likelihood_loss.h"
#include "trainer/dataset/selection.h"
#include "trainer/dataset/training_set.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

namespace stet::round {

Group anchorBatch(const std::vector<TrainingExample>& anchors, const files::RoundSettings& settings, std::int64_t step)
{
    const auto count = static_cast<std::int64_t>(anchors.size());
    const std::int64_t wanted = std::min(count, settings.anchor.batchSize.value_or(settings.batchSize));
    const std::vector<int> lines = dataLines(anchors);
    Group batch;
    std::int64_t pass = -1;
    std::vector<std::size_t> order;
    for (std::int64_t at = step * wanted; at < (step + 1) * wanted; ++at) {
        if (at / count != pass) {
            pass = at / count;
            order = epochOrder(lines, settings.seed, pass, settings.shuffle);
        }
        batch.push_back(&anchors[order[static_cast<std::size_t>(at % count)]]);
    }
    return batch;
}

double accumulateAnchor(const StepContext& context, std::int64_t step)
{
    const bool divergence = context.settings.anchor.kind == files::AnchorKind::Kl;
    const Group batch = anchorBatch(*context.anchors, context.settings, step);
    const auto count = static_cast<double>(batch.size());
    double sum = 0;
    for (const Group& group : grouped(batch, context.microBatchTokens)) {
        const auto now = read(context, group, {context.terms, context.dropout, step, false, divergence});
        std::vector<ReadingValues> before;
        if (divergence) {
            const at::NoGradGuard noGrad;
            before = read(context, group, {context.before, 0, step, false, true});
        }
        at::Tensor loss;
        for (std::size_t i = 0; i < group.size(); ++i) {
            const at::Tensor one = divergence ? meanDivergence(now[i].front().all, before[i].front().all)
                                              : likelihoodLoss(now[i].front().logP);
            loss = loss.defined() ? loss + one : one;
        }
        sum += loss.item<double>();
        (loss * (context.settings.anchor.weight / count)).backward();
        context.pauseBetweenMicroBatches();
    }
    return sum / count;
}

}  // namespace stet::round
