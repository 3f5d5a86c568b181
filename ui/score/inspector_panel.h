// The right column: spread of the ratios with the threshold, how many tokens are flagged, the card of one token. Fed by
// AnnotatePage; GUI thread.
#pragma once

#include "annotate/judgment/types.h"
#include "ui/score/heat_map_model.h"

#include <QWidget>

class QCheckBox;
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
    void setProblem(const QString& sentence);                                 // why there are no scores; empty: none
    double lambda() const;
    RatioHistogram* histogram() const { return m_histogram; }
    TokenCard* card() const { return m_card; }
    QString countText() const;

Q_SIGNALS:
    void lambdaChanged(double lambda);
    void lambdaCommitted(double lambda);
    void cannotBeFlaggedToggled(bool shown);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void setCount(const HeatMapModel& model);

    RatioHistogram* m_histogram;
    QLabel* m_count;
    QLabel* m_lambdaName;
    QDoubleSpinBox* m_lambda;
    QLabel* m_contrastName;
    QLabel* m_contrast;
    QCheckBox* m_cannot;
    QLabel* m_problem;
    TokenCard* m_card;
};

}  // namespace stet::ui
