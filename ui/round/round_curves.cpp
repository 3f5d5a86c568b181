#include "ui/round/round_curves.h"

#include "ui/round/curve_chart.h"

#include <QEvent>
#include <QGridLayout>

namespace stet::ui {

namespace {

constexpr bool kPercent[] = {false, false, true, false, false};

double valueOf(const annotate::RoundStep& step, std::size_t curve)
{
    switch (curve) {
    case 0:
        return step.likelihood;
    case 1:
        return step.unlikelihood;
    case 2:
        return step.flaggedShare;
    case 3:
        return step.gradNorm;
    default:
        return step.learningRate;
    }
}

}  // namespace

RoundCurves::RoundCurves(QWidget* parent) : QWidget(parent)
{
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(8);
    for (const bool percent : kPercent) {
        auto* chart = new CurveChart(percent, this);
        const int place = static_cast<int>(m_charts.size());
        // The two losses side by side and wide; the three that explain them below.
        place < 2 ? grid->addWidget(chart, 0, place * 3, 1, 3) : grid->addWidget(chart, 1, (place - 2) * 2, 1, 2);
        m_charts.push_back(chart);
    }
    for (int column = 0; column < 6; ++column) {
        grid->setColumnStretch(column, 1);
    }
    retranslate();
}

void RoundCurves::retranslate()
{
    setAccessibleName(tr("Curves"));
    const QString names[] = {tr("Likelihood loss: what may stand"), tr("Unlikelihood loss: what is flagged"),
                             tr("Flagged share"), tr("Gradient norm"), tr("Learning rate")};
    for (std::size_t i = 0; i < m_charts.size(); ++i) {
        m_charts[i]->setNames(names[i], tr("step"));
    }
}

void RoundCurves::setSteps(const std::vector<annotate::RoundStep>& steps)
{
    m_steps.clear();
    for (CurveChart* chart : m_charts) {
        chart->clear();
    }
    for (const annotate::RoundStep& step : steps) {
        addStep(step);
    }
}

void RoundCurves::addStep(const annotate::RoundStep& step)
{
    // A resumed round goes on from its checkpoint: what was drawn beyond it is done anew.
    while (!m_steps.empty() && m_steps.back() >= step.step) {
        m_steps.pop_back();
    }
    m_steps.push_back(step.step);
    for (std::size_t i = 0; i < m_charts.size(); ++i) {
        m_charts[i]->append(step.step, step.steps, valueOf(step, i));
    }
}

void RoundCurves::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

}  // namespace stet::ui
