// The pieces that objectives are made of: losses worked out by hand.
#include "tests/support/near.h"
#include "trainer/objectives/distillation.h"
#include "trainer/objectives/ftpo.h"
#include "trainer/objectives/preference.h"

#include <ATen/ATen.h>

#include <QtTest>

#include <cmath>

using namespace stet;

namespace {

constexpr double kTolerance = 1e-6;

at::Tensor logOf(const std::vector<double>& p)
{
    return at::tensor(p, at::kDouble).log().to(at::kFloat);
}

}  // namespace

class ObjectiveLossesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aPreferenceCostsWhatItsMarginSays()
    {
        const auto of = [](double trained, double reference) {
            return round::ResponseLikelihood{at::tensor(trained), reference};
        };
        const auto even = round::preferenceLoss(of(-10, -10), of(-7, -7), 0.1);
        STET_COMPARE_NEAR(even.loss, std::log(2.0), kTolerance);
        STET_COMPARE_NEAR(even.margin, 0, kTolerance);
        // β = 0.5: ½·[(−8 + 10) − (−9 + 7)] = 2
        const auto learnt = round::preferenceLoss(of(-8, -10), of(-9, -7), 0.5);
        STET_COMPARE_NEAR(learnt.margin, 2, kTolerance);
        STET_COMPARE_NEAR(learnt.loss, std::log1p(std::exp(-2.0)), kTolerance);
        const auto lost = round::preferenceLoss(of(-1000, 0), of(0, -1000), 1);
        STET_COMPARE_NEAR(lost.loss, 2000, 1e-2);
    }

    // d loss / d log π(y+) = −β·σ(−margin), and its opposite for the rejected response.
    void aPreferencesGradientIsItsFormula()
    {
        at::Tensor preferred = at::tensor(-8.0F).requires_grad_(true);
        at::Tensor rejected = at::tensor(-9.0F).requires_grad_(true);
        round::preferenceLoss({preferred, -10}, {rejected, -7}, 0.5).loss.backward();
        const double expected = 0.5 / (1 + std::exp(2.0));
        STET_COMPARE_NEAR(preferred.grad(), -expected, kTolerance);
        STET_COMPARE_NEAR(rejected.grad(), expected, kTolerance);
    }

    void aDivergenceIsItsSum()
    {
        const at::Tensor p = logOf({.7, .2, .1, .25, .25, .5}).reshape({2, 3});
        const at::Tensor q = logOf({.5, .3, .2, .25, .25, .5}).reshape({2, 3});
        const double first = .7 * std::log(.7 / .5) + .2 * std::log(.2 / .3) + .1 * std::log(.1 / .2);
        STET_COMPARE_NEAR(round::meanDivergence(p, q), first / 2, kTolerance);
        STET_COMPARE_NEAR(round::meanDivergence(p, p), 0, kTolerance);
        at::Tensor teacher = q.clone().requires_grad_(true);
        at::Tensor student = p.clone().requires_grad_(true);
        round::meanDivergence(student, teacher).backward();
        QVERIFY(student.grad().defined());
        QVERIFY(!teacher.grad().defined());
    }

    // s = log(.4/.2), log(.1/.5) and, clipped at 2, log(.9/.01).
    void feedbackWeighsEachTokensLikelihood()
    {
        at::Tensor student = logOf({.2, .5, .01}).requires_grad_(true);
        const at::Tensor teacher = logOf({.4, .1, .9});
        const auto terms = round::feedbackLoss(student, teacher, 2);
        const double s0 = std::log(2.0);
        const double s1 = -std::log(5.0);
        STET_COMPARE_NEAR(terms.loss, -(s0 * std::log(.2) + s1 * std::log(.5) + 2 * std::log(.01)) / 3, kTolerance);
        STET_COMPARE_NEAR(terms.signal, (s0 + s1 + std::log(90.0)) / 3, kTolerance);
        terms.loss.backward();
        STET_COMPARE_NEAR(student.grad()[0], -s0 / 3, kTolerance);
        STET_COMPARE_NEAR(student.grad()[1], -s1 / 3, kTolerance);
        STET_COMPARE_NEAR(student.grad()[2], -2.0 / 3, kTolerance);
    }

    // Response 0 2 1 of five tokens, the first two of them flagged: 0 and 2 are wanted nowhere. At position 0 there
    // remain 1, 3, 4 with .3, .12, .08 of .5, at position 1 3, 1, 4 with .5, .2, .1 of .8.
    void chosenTokensAreTheLikeliestThatAreFlaggedNowhere()
    {
        const at::Tensor reference =
            logOf({.3, .3, .2, .12, .08, .1, .2, .1, .5, .1, .2, .2, .2, .2, .2}).reshape({3, 5});
        const auto of = [&](double topP, std::int64_t topK) {
            files::FtpoSettings settings;
            settings.topP = topP;
            settings.topK = topK;
            const auto targets = round::ftpoTargets(reference, {0, 2, 1}, {1, 1, 0}, settings);
            std::string text;
            for (std::int64_t row = 0; row < targets.ids.size(0); ++row) {
                text += std::to_string(targets.positions[row].item<std::int64_t>()) + ":";
                for (std::int64_t k = 0; k < targets.ids.size(1); ++k) {
                    text +=
                        targets.there[row][k].item<bool>() ? " " + std::to_string(targets.ids[row][k].item<int>()) : "";
                }
                text += "; ";
            }
            return QString::fromStdString(text);
        };
        QCOMPARE(of(0.55, 20), QStringLiteral("0: 0 1; 1: 2 3; "));
        QCOMPARE(of(0.7, 20).left(8), QStringLiteral("0: 0 1 3"));
        QCOMPARE(of(0.7, 20).mid(10), QStringLiteral("1: 2 3 1; "));
        QCOMPARE(of(1, 1), QStringLiteral("0: 0 1; 1: 2 3; "));
        QCOMPARE(of(1, 20).count(QLatin1Char(' ')), 10);  // all three that remain
    }

    // Position 0 of two; rejected 0, chosen 1 and 2: Δ = log(.2/.5) and log(.1/.5).
    void aFlaggedTokenCostsWhatItLeadsBy()
    {
        at::Tensor logP = logOf({.5, .2, .1, .2, .25, .25, .25, .25}).reshape({2, 4}).requires_grad_(true);
        const auto terms = round::ftpoPreference(logP, targets(), {});
        const double d1 = std::log(.4);
        const double d2 = std::log(.2);
        const auto softplus = [](double x) { return std::log1p(std::exp(x)); };
        STET_COMPARE_NEAR(terms.loss, (softplus(2 - d1) + softplus(2 - d2)) / 2, kTolerance);
        STET_COMPARE_NEAR(terms.margin, (d1 + d2) / 2, kTolerance);
        STET_COMPARE_NEAR(terms.won, 0, kTolerance);
        terms.loss.sum().backward();
        const double slope = 1 / (1 + std::exp(d1 - 2)) / 2;  // w = 1: a chosen token that is behind counts fully
        STET_COMPARE_NEAR(logP.grad()[0][1], -slope, kTolerance);
        STET_COMPARE_NEAR(logP.grad()[0][0], slope + 1 / (1 + std::exp(d2 - 2)) / 2, kTolerance);
        STET_COMPARE_NEAR(logP.grad()[0][3], 0, kTolerance);
    }

    // w fades between Δ = 0 and ε, and what leads by ε is left alone.
    void aTokenThatLeadsIsLeftAlone()
    {
        const auto lead = [](double by, bool backwards) {
            at::Tensor logits = at::tensor({0.0, by, -1e4, 0.5}, at::kFloat).reshape({1, 4}).requires_grad_(true);
            auto only = targets();
            only.there = at::tensor({1, 1, 0}).to(at::kBool).reshape({1, 3});
            const auto terms = round::ftpoPreference(logits, only, {});
            terms.loss.sum().backward();
            return (backwards ? logits.grad()[0][1] : terms.loss).item<double>();
        };
        STET_COMPARE_NEAR(lead(1, false), 0.5 * std::log1p(std::exp(1.0)), kTolerance);
        STET_COMPARE_NEAR(lead(1, true), -0.5 / (1 + std::exp(-1.0)), kTolerance);
        STET_COMPARE_NEAR(lead(2, false), 0, kTolerance);
        STET_COMPARE_NEAR(lead(3, true), 0, kTolerance);
    }

    // Position 0: rejected 0 falls by 3, chosen 1 and 2 rise by 0.5 and 1.5; 3 and 4 move by −0.2 and 0.2. Position 1:
    // nothing is flagged. A shift of all costs nothing.
    void whatIsNoTargetIsHeld()
    {
        const at::Tensor reference = at::tensor({-1.0, -2.0, -3.0, -4.0, -5.0, 0.0, 0.0, 0.0, 0.0, 0.0}, at::kFloat);
        const at::Tensor by = at::tensor({-3.0, 0.5, 1.5, -0.2, 0.2, 1.0, -1.0, 0.0, 0.0, 0.0}, at::kFloat);
        for (const double shift : {0.0, 7.0}) {
            const auto drift =
                round::ftpoDrift((reference + by + shift).reshape({2, 5}), reference.reshape({2, 5}), targets(), 1);
            STET_COMPARE_NEAR(drift.others[0], 0.04, 1e-5);
            STET_COMPARE_NEAR(drift.others[1], 0.4, 1e-5);
            STET_COMPARE_NEAR(drift.targets[0], (4 + 0 + 0.25) / 3, 1e-5);
        }
    }

private:
    // Of position 0: rejected 0, chosen 1 and 2.
    static round::FtpoTargets targets()
    {
        return {at::tensor({0}, at::kLong), at::tensor({0, 1, 2}, at::kLong).reshape({1, 3}),
                at::ones({1, 3}, at::kBool)};
    }
};

QTEST_APPLESS_MAIN(ObjectiveLossesTest)
#include "tst_objective_losses.moc"
