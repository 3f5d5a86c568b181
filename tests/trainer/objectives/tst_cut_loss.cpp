// CUT's loss against numbers worked out by hand and the properties that follow from its formula.
#include "base/flag_rule.h"
#include "tests/support/near.h"
#include "trainer/objectives/cut.h"
#include "trainer/objectives/likelihood.h"
#include "trainer/detect/contrast.h"

#include <ATen/ATen.h>

#include <QtTest>

#include <cmath>

using namespace stet;
using round::CutWeights;

namespace {

// The article's Figure 2: "a former American football player" and the end of sequence.
const std::vector<double> kJudged = {.82, .94, .76, .99, .02, .89};
const std::vector<double> kPlain = {.03, .94, .93, .99, .03, .85};

at::Tensor logOf(const std::vector<double>& p, bool gradient = false)
{
    return at::tensor(p, at::kDouble).log().to(at::kFloat).requires_grad_(gradient);
}

at::Tensor flagsAt(double lambda)
{
    std::vector<double> plain;
    std::vector<double> judged;
    for (std::size_t i = 0; i < kPlain.size(); ++i) {
        plain.push_back(std::log(kPlain[i]));
        judged.push_back(std::log(kJudged[i]));
    }
    const auto ratios =
        detect::logRatios(Contrast::D1, {{{text::Context::Plain, plain}, {text::Context::Judged, judged}}, {}});
    at::Tensor flags = at::zeros({static_cast<std::int64_t>(ratios.size())}, at::kBool);
    for (std::size_t i = 0; i < ratios.size(); ++i) {
        flags[static_cast<std::int64_t>(i)] = flagged(Contrast::D1, ratios[i], lambda);
    }
    return flags;
}

constexpr double kTolerance = 2e-6;

}  // namespace

class CutLossTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theArticlesSentenceGivesItsNumbers()
    {
        const auto p = logOf(kPlain);
        const auto pj = logOf(kJudged);
        QCOMPARE(flagsAt(1.1).sum().item<int>(), 1);
        QVERIFY(flagsAt(1.1)[0].item<bool>());
        QCOMPARE(flagsAt(1.2).sum().item<int>(), 1);
        QVERIFY(flagsAt(1.04)[5].item<bool>());

        CutWeights code;
        const auto half = round::criticisedLoss(p, pj, flagsAt(1.1), code);
        STET_COMPARE_NEAR(half.l1, 0.640672, kTolerance);
        STET_COMPARE_NEAR(half.l2, 0.762228, kTolerance);
        STET_COMPARE_NEAR(half.loss, 0.701450, kTolerance);
        code.combine = files::Combine::Sum;
        STET_COMPARE_NEAR(round::criticisedLoss(p, pj, flagsAt(1.1), code).loss, 1.402900, kTolerance);

        CutWeights light;
        light.alpha = 0.5;
        STET_COMPARE_NEAR(round::unlikelihoodTerm(p, pj, flagsAt(1.2), light), 0.638134, kTolerance);

        CutWeights paper;
        paper.gamma = 1;
        paper.combine = files::Combine::Sum;
        const auto sum = round::criticisedLoss(p, pj, flagsAt(1.1), paper);
        STET_COMPARE_NEAR(sum.l1, 0.639758, kTolerance);
        STET_COMPARE_NEAR(sum.loss, 1.401987, kTolerance);
        STET_COMPARE_NEAR(round::unlikelihoodTerm(p, pj, at::ones_like(p, at::kBool), {}), 2.005979, kTolerance);
    }

    void anAcceptedAnswerIsPlainLikelihood()
    {
        double sum = 0;
        for (const double p : kPlain) {
            sum += std::log(p);
        }
        STET_COMPARE_NEAR(round::likelihoodLoss(logOf(kPlain)), -sum / 6, kTolerance);
    }

    void withoutFlagsItImitatesAndAlphaZeroMasks()
    {
        const auto p = logOf(kPlain);
        const auto none = at::zeros_like(p, at::kBool);
        STET_COMPARE_NEAR(round::unlikelihoodTerm(p, {}, none, {}), -p.mean().item<double>(), kTolerance);
        CutWeights quarter;
        quarter.imitate = 0.25;
        STET_COMPARE_NEAR(round::unlikelihoodTerm(p, {}, none, quarter), -0.25 * p.mean().item<double>(), kTolerance);
        CutWeights masked;
        masked.alpha = 0;
        masked.imitate = 0;
        STET_COMPARE_NEAR(round::unlikelihoodTerm(p, {}, flagsAt(1.1), masked), 0, kTolerance);
    }

    void aSkippedTermLeavesHalfTheLikelihood()
    {
        CutWeights weights;
        weights.skipUnlikelihood = true;
        const auto terms = round::criticisedLoss(logOf(kPlain), logOf(kJudged), flagsAt(1.1), weights);
        STET_COMPARE_NEAR(terms.loss, 0.762228 / 2, kTolerance);
    }

    // Flagged under D1 means p < 1/λ: the loss of a flagged token lies in [0, −log(1 − 1/λ)].
    void aFlaggedTokenCostsABoundedAmount()
    {
        for (const double lambda : {1.1, 1.2, 2.0}) {
            const double bound = -std::log(1 - 1 / lambda);
            for (double p = 1e-6; p < 1; p *= 1.07) {
                const double cost = -round::logOneMinus(at::tensor(std::log(p))).item<double>();
                if (flagged(Contrast::D1, 0 - std::log(p), lambda)) {  // p_j is at most 1
                    QVERIFY(cost >= 0);
                    QVERIFY(cost <= bound * (1 + 1e-5));
                } else {
                    QVERIFY(canNeverBeFlagged(std::log(p), lambda));
                }
            }
        }
    }

    void certainAndImpossibleTokensStayFinite()
    {
        at::Tensor p = at::tensor(std::vector<double>{0.0, -1e-9, -90.0}).to(at::kFloat).requires_grad_(true);
        const auto loss = round::unlikelihoodTerm(p, {}, at::tensor(std::vector<int>{1, 1, 0}).to(at::kBool), {});
        loss.backward();
        QVERIFY(std::isfinite(loss.item<double>()));
        QVERIFY(at::isfinite(p.grad()).all().item<bool>());
    }

    // −(1 − p) on the token's own logit for likelihood is −1 on log p; unlikelihood gives α p / (1 − p) / N on log p.
    void gradientsAreTheFormulas()
    {
        at::Tensor p = logOf(kPlain, true);
        at::Tensor pj = logOf(kJudged, true);
        CutWeights weights;
        weights.alpha = 0.5;
        weights.gamma = 2;
        weights.imitate = 0.25;
        weights.combine = files::Combine::Sum;
        round::criticisedLoss(p, pj, flagsAt(1.1), weights).loss.backward();
        const double n = 6;
        STET_COMPARE_NEAR(p.grad()[0], 0.5 * .82 * .82 * .03 / .97 / n, kTolerance);
        for (int i = 1; i < 6; ++i) {
            STET_COMPARE_NEAR(p.grad()[i], -0.25 / n, kTolerance);
        }
        for (int i = 0; i < 6; ++i) {
            STET_COMPARE_NEAR(pj.grad()[i], -1 / n, kTolerance);  // the weight p_j^γ carries none
        }
    }
};

QTEST_APPLESS_MAIN(CutLossTest)
#include "tst_cut_loss.moc"
