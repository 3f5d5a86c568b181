// One labelled curve (Qt Charts): x is the step, y one number of it. Appending is cheap. GUI thread.
#pragma once

#include <QChartView>

class QLineSeries;
class QValueAxis;

namespace stet::ui {

class CurveChart : public QChartView {
    Q_OBJECT

public:
    explicit CurveChart(bool percent, QWidget* parent = nullptr);

    void setNames(const QString& title, const QString& stepName);
    void clear();
    void append(int step, int steps, double value);  // NaN leaves a gap
    int count() const;

protected:
    void changeEvent(QEvent* event) override;

private:
    void applyColours();
    void fitAxes();

    QLineSeries* m_series;
    QValueAxis* m_x;
    QValueAxis* m_y;
    bool m_percent;
    int m_steps = 1;
    double m_low = 0;
    double m_high = 0;
};

}  // namespace stet::ui
