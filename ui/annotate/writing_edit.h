// A box in which a person writes about the response on screen: the keys that every such box has. Undo goes through the
// text first, then across items; Ctrl+Enter submits; Esc leaves; what is pasted is plain text. GUI thread.
#pragma once

#include <QPlainTextEdit>

namespace stet::ui {

class WritingEdit : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit WritingEdit(QWidget* parent = nullptr);

    void replaceText(const QString& text);  // another item's: forgets the undo history
    QSize sizeHint() const override;        // five lines; two where the window is small
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void undoBeyond();
    void redoBeyond();
    void submitPressed();
    void leavePressed();

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void insertFromMimeData(const QMimeData* source) override;
};

}  // namespace stet::ui
