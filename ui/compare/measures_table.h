// Measures before and after, one row each, with a word (not only a colour) for better or worse. GUI thread.
#pragma once

#include "ui/compare/compare_page.h"

#include <QTableWidget>

namespace stet::ui {

class MeasuresTable : public QTableWidget {
    Q_OBJECT

public:
    explicit MeasuresTable(QWidget* parent = nullptr);

    void setMeasures(const std::vector<Measure>& measures);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {200, sizeHint().height()}; }

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();

    std::vector<Measure> m_measures;
};

// The standard rows from compare's summary.
std::vector<Measure> measuresOf(const annotate::CompareSummary& summary);

}  // namespace stet::ui
