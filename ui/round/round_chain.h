// base ──▶ Round 1 ──▶ Round 2 …: the cards in order, arrows between them, a note where a round branches off. GUI
// thread.
#pragma once

#include "annotate/judgment/types.h"

#include <QWidget>

#include <vector>

class QHBoxLayout;
class QScrollArea;

namespace stet::ui {

class RoundCard;

class RoundChain : public QWidget {
    Q_OBJECT

public:
    explicit RoundChain(QWidget* parent = nullptr);

    void setRounds(const std::vector<annotate::RoundRecord>& rounds, int current);
    int chosenParent() const { return m_parent; }  // of the next round: the current one unless another was chosen

Q_SIGNALS:
    void compareRequested(int round);
    void adoptRequested(int round);
    void discardRequested(int round);

protected:
    void changeEvent(QEvent* event) override;

private:
    void rebuild();
    void choose(int round);
    void fitHeight();

    std::vector<annotate::RoundRecord> m_rounds;
    int m_current = 0;
    int m_parent = 0;
    QScrollArea* m_scroll;
    std::vector<RoundCard*> m_cards;
};

}  // namespace stet::ui
