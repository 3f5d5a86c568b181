// How the tokens' log ratios are spread, and the threshold λ as a line that can be dragged or moved by arrow keys. The
// axis is the heat-map's own symmetric-log scale, so that 1.1 is not lost at zero. Pure drawing of what it is given;
// dragging asks nobody. GUI thread.
#pragma once

#include "base/flag_rule.h"

#include <QWidget>

#include <vector>

namespace stet::ui {

class RatioHistogram : public QWidget {
    Q_OBJECT

public:
    static constexpr double kMinLambda = 1.0;
    static constexpr double kMaxLambda = 1000;

    explicit RatioHistogram(QWidget* parent = nullptr);

    void setRatios(const std::vector<double>& logRatios);  // natural logs; NaN is left out
    void setContrast(stet::Contrast contrast);             // D4 has its threshold on the left
    void setLambda(double lambda);                         // silently
    void setStale(bool stale);
    double lambda() const { return m_lambda; }
    double lineX() const;  // where the λ line stands
    QSize sizeHint() const override { return {240, 112}; }
    QSize minimumSizeHint() const override { return {160, 96}; }

Q_SIGNALS:
    void lambdaChanged(double lambda);
    void lambdaCommitted(double lambda);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QRectF plot() const;
    double xOf(double logRatio) const;
    void moveTo(double x);
    void change(double lambda);
    void describe();

    std::vector<int> m_bars;
    stet::Contrast m_contrast = stet::Contrast::D1;
    double m_lambda = kDefaultLambda;
    bool m_stale = false;
    bool m_dragging = false;
};

}  // namespace stet::ui
