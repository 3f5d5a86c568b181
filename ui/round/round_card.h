// One card of the chain: a round (or the base model), its state in words, what it can be asked to do. GUI thread.
#pragma once

#include "annotate/judgment/types.h"

#include <QFrame>

class QLabel;
class QPushButton;

namespace stet::ui {

class RoundCard : public QFrame {
    Q_OBJECT

public:
    RoundCard(const annotate::RoundRecord& round, bool current, QWidget* parent);

    int number() const { return m_round.number; }
    void setChosen(bool chosen);  // the next round starts from it

Q_SIGNALS:
    void chosen(int round);  // as the parent of the next round
    void resumeRequested(int round);
    void compareRequested(int round);
    void adoptRequested(int round);
    void discardRequested(int round);
    void useRequested(int round);
    void talkRequested(int round);

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void build(bool current);
    QString stateText(bool current) const;
    QString numbersText() const;
    void showFrame();

    annotate::RoundRecord m_round;
    QLabel* m_from = nullptr;
    bool m_chosen = false;
};

QString roundName(int number);  // "Base model", "Round 2"

}  // namespace stet::ui
