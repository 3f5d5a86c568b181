// The pieces that objectives are made of: losses worked out by hand.
#include "tests/support/near.h"
#include "trainer/objectives/distillation.h"
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
};

QTEST_APPLESS_MAIN(ObjectiveLossesTest)
#include "tst_objective_losses.moc"
