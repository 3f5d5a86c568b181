// One card of the chain: a round (or the base model), its state in words, what it can be asked to do. GUI thread.
#pragma once

#include "annotate/judgment/types.h"

#include <QFrame>

class QHBoxLayout;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace stet::ui {

class RoundCard : public QFrame {
    Q_OBJECT

public:
    // before: where one goes back to from it (annotate::roundBefore).
    RoundCard(const annotate::RoundRecord& round, bool current, int before, QWidget* parent);

    int number() const { return m_round.number; }
    void setChosen(bool chosen);  // the next round starts from it

Q_SIGNALS:
    void chosen(int round);  // as the parent of the next round
    void resumeRequested(int round);
    void compareRequested(int round);
    void adoptRequested(int round);  // also another one's than the card's: back to it
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
    void addAlerts(QVBoxLayout* layout);
    QHBoxLayout* buttons(bool current);
    QHBoxLayout* moreButtons();
    QPushButton* linkButton(const QString& text);
    bool warns() const;
    QString stateText(bool current) const;
    QString numbersText() const;
    void showFrame();

    annotate::RoundRecord m_round;
    int m_before = 0;
    QLabel* m_from = nullptr;
    bool m_chosen = false;
};

QString roundName(int number);  // "Base model", "Round 2"

}  // namespace stet::ui
