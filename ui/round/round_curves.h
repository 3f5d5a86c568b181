// Curves of a round, step by step, with labelled axes: likelihood and unlikelihood, flagged share, gradient norm,
// learning rate.
#pragma once

#include "annotate/judgment/types.h"

#include <QWidget>

#include <vector>

namespace stet::ui {

class CurveChart;

class RoundCurves : public QWidget {
    Q_OBJECT

public:
    explicit RoundCurves(QWidget* parent = nullptr);

    void setSteps(const std::vector<annotate::RoundStep>& steps);
    void addStep(const annotate::RoundStep& step);
    int stepCount() const { return static_cast<int>(m_steps.size()); }

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();

    std::vector<CurveChart*> m_charts;
    std::vector<int> m_steps;  // that are drawn
};

}  // namespace stet::ui
