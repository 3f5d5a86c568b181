// A running round: phase in words, bar, time left, pause, stop (with the choice to keep, asked in place), save now; or
// one that is paused: go on, discard.
#pragma once

#include "ui/round/rounds_page.h"

#include <QFrame>

class QLabel;
class QProgressBar;
class QPushButton;

namespace stet::ui {

class RoundProgressPanel : public QFrame {
    Q_OBJECT

public:
    explicit RoundProgressPanel(QWidget* parent = nullptr);

    void setProgress(const RoundProgress& progress);
    QString lineText() const;

Q_SIGNALS:
    void pausePressed(int round);
    void resumePressed(int round);
    void stopPressed(int round, bool keep);
    void savePressed(int round);
    void discardPressed(int round);  // a paused one

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void askStop(bool ask);

    RoundProgress m_progress;
    QLabel* m_line;
    QLabel* m_left;
    QProgressBar* m_bar;
    QPushButton* m_pause;
    QPushButton* m_stop;
    QPushButton* m_save;
    QPushButton* m_discard;
    QWidget* m_choice;
    QLabel* m_question;
    QPushButton* m_keep;
    QPushButton* m_drop;
    QPushButton* m_goOn;
};

}  // namespace stet::ui
