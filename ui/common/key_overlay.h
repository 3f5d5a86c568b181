// All keys on one card over the page; any key or click closes it. GUI thread.
#pragma once

#include <QWidget>

namespace stet::ui {

class KeyOverlay : public QWidget {
    Q_OBJECT

public:
    explicit KeyOverlay(QWidget* parent);

    void open();  // covers the parent

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override;

private:
    void close();
    int drawGroups(QPainter& painter, const QRect& area) const;

    QWidget* m_returnFocus = nullptr;
};

}  // namespace stet::ui
