// "Talk to it": an instruction is answered by the base model and by a round's, side by side, while they write. Part of
// RoundsPage, hidden until a card asks for it; fed by app/session's talk controller. Nothing is stored but an answer
// that is put into the queue, by 1 or 2 or its button. GUI thread.
#pragma once

#include <QFrame>
#include <QString>

#include <array>

class QEvent;
class QKeyEvent;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QToolButton;

namespace stet::ui {

class TalkPanel : public QFrame {
    Q_OBJECT

public:
    enum Side { Base, Round };  // left and right

    explicit TalkPanel(QWidget* parent = nullptr);

    void open(int round);  // shows itself; another round than before begins anew
    void clear();          // hides itself; another project's comes
    // Of the answers to what was asked last.
    void setText(Side side, const QString& text);  // while it grows
    void setAnswer(Side side, const QString& text);
    void setKept(Side side);
    // Nothing is written any more; a sentence says why where it isn't that all is written.
    void setEnded(const QString& sentence);

    void ask(const QString& instruction);  // as if typed and sent

Q_SIGNALS:
    void asked(int round, const QString& instruction);
    void stopRequested();
    void keepRequested(int side);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Column {
        QLabel* name = nullptr;
        QPlainTextEdit* text = nullptr;
        QPushButton* keep = nullptr;
        bool whole = false;  // so that it can be kept
        bool kept = false;
    };

    void build();
    void retranslate();
    void send();
    void keep(Side side);
    void showKeys();

    int m_round = 0;
    bool m_running = false;
    QLabel* m_title;
    QToolButton* m_close;
    QPlainTextEdit* m_instruction;
    QPushButton* m_send;
    QPushButton* m_stop;
    QLabel* m_status;
    std::array<Column, 2> m_columns;
};

}  // namespace stet::ui
