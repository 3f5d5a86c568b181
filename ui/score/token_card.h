// The card of the token under the cursor: probability without and with the judgment, ranks, ratio, what else the model
// would have written. Given scores and an index; GUI thread. Token texts are plain text.
#pragma once

#include "annotate/judgment/types.h"
#include "ui/score/heat_map_model.h"

#include <QWidget>

class QLabel;
class QGridLayout;

namespace stet::ui {

class TokenCard : public QWidget {
    Q_OBJECT

public:
    explicit TokenCard(QWidget* parent = nullptr);

    // `text` as written; several tokens of one character: the strongest is shown.
    void showCell(const annotate::TokenScores& scores, const HeatCell& cell, const QString& text);
    void clear();
    QString sentence() const;  // "The model gives this word 27 times more weight once it knows your judgment."

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Line {
        QLabel* name = nullptr;
        QLabel* probability = nullptr;
        QLabel* rank = nullptr;
    };

    Line addLine(QGridLayout* grid, int row);
    void setLine(const Line& line, const std::vector<double>& logProbs, const std::vector<int>& ranks,
                 std::size_t token);
    void setAlternatives(QLabel* title, QLabel* list, const std::vector<std::vector<annotate::Alternative>>& tops,
                         std::size_t token);
    void retranslate();

    QLabel* m_heading;
    QLabel* m_sentence;
    QLabel* m_state;
    QWidget* m_numbers;
    Line m_plain;
    Line m_judged;
    Line m_praised;
    QLabel* m_ratioName;
    QLabel* m_ratio;
    QLabel* m_plainTopTitle;
    QLabel* m_plainTop;
    QLabel* m_judgedTopTitle;
    QLabel* m_judgedTop;
};

// A token's text with its blanks made visible: "␣the", "↵". Plain text.
QString visibleToken(const QString& text);

}  // namespace stet::ui
