// The left rail: four pages with their keys, and the slim bar of a running round. GUI thread.
#pragma once

#include "ui/main_window/main_window.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QToolButton;

namespace stet::ui {

class PageRail : public QWidget {
    Q_OBJECT

public:
    explicit PageRail(QWidget* parent = nullptr);

    void setPage(Page page);
    void setRoundBar(const std::optional<RoundBar>& bar);
    QString roundText() const;

Q_SIGNALS:
    void pagePressed(stet::ui::Page page);
    void roundBarPressed();

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void showIcons();

    std::vector<QToolButton*> m_buttons;
    QToolButton* m_round;
    QProgressBar* m_bar;
    std::optional<RoundBar> m_roundBar;
};

}  // namespace stet::ui
