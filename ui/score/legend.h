// The line under the response that explains the paint; its ticks stand where the fixed scale puts them. GUI thread.
#pragma once

#include "base/flag_rule.h"

#include <QWidget>

namespace stet::ui {

class Legend : public QWidget {
    Q_OBJECT

public:
    explicit Legend(QWidget* parent = nullptr);

    void setLambda(double lambda);
    void setPushesBeginnings(bool pushes);  // only the first word of each run that lights up is pushed down
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    int paintScale(QPainter& painter, int x) const;
    int paintSigns(QPainter& painter, int x) const;
    void describe();

    double m_lambda = kDefaultLambda;
    bool m_pushesBeginnings = false;
};

}  // namespace stet::ui
