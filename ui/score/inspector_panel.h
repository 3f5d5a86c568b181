// The right column: spread of the ratios with the threshold, how many tokens are flagged, the card of one token. Fed by
// AnnotatePage; GUI thread.
#pragma once

#include "annotate/judgment/types.h"
#include "ui/score/heat_map_model.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QDoubleSpinBox;

namespace stet::ui {

class RatioHistogram;
class TokenCard;

class InspectorPanel : public QWidget {
    Q_OBJECT

public:
    explicit InspectorPanel(QWidget* parent = nullptr);

    void showModel(const HeatMapModel& model);  // counts, histogram; call after every change of scores, marks, λ, stale
    void showCell(const HeatMapModel& model, int cell, const QString& text);  // −1: none
    void setLambda(double lambda);                                            // silently
    void setThreshold(const annotate::Threshold& threshold);                  // silently; λ is set by itself
    void setProblem(const QString& sentence);                                 // why there are no scores; empty: none
    double lambda() const;
    bool isByRate() const { return m_threshold.falseAlarmRate.has_value(); }
    RatioHistogram* histogram() const { return m_histogram; }
    TokenCard* card() const { return m_card; }
    QString countText() const;

Q_SIGNALS:
    void lambdaChanged(double lambda);
    void lambdaCommitted(double lambda);
    void falseAlarmRateChosen(double rate);  // 0: λ by hand from now on
    void cannotBeFlaggedToggled(bool shown);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void showThreshold();
    void setCount(const HeatMapModel& model);

    RatioHistogram* m_histogram;
    QLabel* m_count;
    QLabel* m_lambdaName;
    QDoubleSpinBox* m_lambda;
    QLabel* m_rateName;
    QComboBox* m_rate;
    annotate::Threshold m_threshold;
    QLabel* m_contrastName;
    QLabel* m_contrast;
    QCheckBox* m_cannot;
    QLabel* m_problem;
    TokenCard* m_card;
};

}  // namespace stet::ui
