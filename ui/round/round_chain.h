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
    void setParentRound(int round) { m_parent = round; }  // of another project's; silently, before its setRounds

Q_SIGNALS:
    void lookedAt(int round);      // its card was pressed, whatever its state
    void parentChosen(int round);  // by hand, or because the current one or its use changed
    void resumeRequested(int round);
    void compareRequested(int round);
    void adoptRequested(int round);
    void discardRequested(int round);
    void useRequested(int round);
    void talkRequested(int round);

protected:
    void changeEvent(QEvent* event) override;

private:
    void rebuild();
    void choose(int round);
    void fitHeight();

    std::vector<annotate::RoundRecord> m_rounds;
    int m_current = 0;
    int m_parent = 0;
    int m_told = -1;  // by parentChosen
    QScrollArea* m_scroll;
    std::vector<RoundCard*> m_cards;
};

}  // namespace stet::ui
