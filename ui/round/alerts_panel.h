// Below the chain: what the watch found in the round that is looked at (at first the newest one that has alerts), in
// whole sentences, and one click back to the model before. Hidden where there is nothing to say. GUI thread.
#pragma once

#include "annotate/judgment/types.h"

#include <QFrame>

#include <vector>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace stet::ui {

class RoundAlertsPanel : public QFrame {
    Q_OBJECT

public:
    explicit RoundAlertsPanel(QWidget* parent = nullptr);

    void setRounds(const std::vector<annotate::RoundRecord>& rounds, int current);
    void lookAt(int round);  // 0: at the newest that has alerts

Q_SIGNALS:
    void backRequested(int round);  // the one to go back to; 0: the base model
    void compareRequested(int round);

protected:
    void changeEvent(QEvent* event) override;

private:
    const annotate::RoundRecord* shown() const;  // nullptr: none
    void refresh();
    void showSentences(const annotate::RoundRecord& round);

    std::vector<annotate::RoundRecord> m_rounds;
    int m_current = 0;
    int m_round = 0;
    QLabel* m_title;
    QVBoxLayout* m_sentences;
    QPushButton* m_back;
    QPushButton* m_compare;
};

}  // namespace stet::ui
