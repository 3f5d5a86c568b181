// A round that failed: cause, what to do, last lines of the log, one button for each remedy. GUI thread.
#pragma once

#include "ui/round/rounds_page.h"

#include <QFrame>

class QHBoxLayout;
class QPlainTextEdit;
class QToolButton;

namespace stet::ui {

class RoundFailureCard : public QFrame {
    Q_OBJECT

public:
    explicit RoundFailureCard(QWidget* parent = nullptr);

    void setFailure(const RoundFailure& failure);

Q_SIGNALS:
    void remedyPressed(int round, const QString& id);
    void dismissed(int round);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();

    RoundFailure m_failure;
    QLabel* m_title;
    QLabel* m_message;
    QLabel* m_logName;
    QPlainTextEdit* m_log;
    QWidget* m_buttons = nullptr;
    QToolButton* m_close;
};

}  // namespace stet::ui
