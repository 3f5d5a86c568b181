// A small bubble that points at a place and can be closed; floats over its parent and blocks nothing. GUI thread.
#pragma once

#include <QWidget>

class QLabel;
class QToolButton;

namespace stet::ui {

class HintBubble : public QWidget {
    Q_OBJECT

public:
    explicit HintBubble(QWidget* parent);

    // Points at `target` (parent's coordinates) from below it, or from above where there is no room.
    void showAt(const QRect& target, const QString& text);
    QString text() const;

Q_SIGNALS:
    void dismissed();

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QLabel* m_text;
    QToolButton* m_close;
    bool m_above = false;  // the bubble stands above its target
    int m_tip = 24;        // x of the tip
};

}  // namespace stet::ui
