// One of the two answers, blind until named. Plain text. GUI thread.
#pragma once

#include <QFrame>

class QLabel;
class QPlainTextEdit;

namespace stet::ui {

class AnswerPanel : public QFrame {
    Q_OBJECT

public:
    explicit AnswerPanel(QWidget* parent = nullptr);

    void setLetter(const QString& letter);
    void setText(const QString& text);
    // "before"/"after" once the choice is made; empty: blind. `preferred` draws the frame.
    void setIdentity(const QString& name, bool preferred);
    QString identity() const;
    QString text() const;

private:
    void describe();

    QLabel* m_letter;
    QLabel* m_identity;
    QPlainTextEdit* m_text;
};

}  // namespace stet::ui
