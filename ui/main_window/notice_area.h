// Notices over the page, newest first, at most three at a time; the others wait. GUI thread.
#pragma once

#include "ui/main_window/main_window.h"

#include <QWidget>

class QVBoxLayout;

namespace stet::ui {

class NoticeArea : public QWidget {
    Q_OBJECT

public:
    explicit NoticeArea(QWidget* parent = nullptr);

    void add(const Notice& notice);
    void remove(const QString& id);
    bool contains(const QString& id) const;
    int count() const { return static_cast<int>(m_notices.size()); }

Q_SIGNALS:
    void action(const QString& noticeId, const QString& actionId);

protected:
    void changeEvent(QEvent* event) override;

private:
    void rebuild();
    bool changeWords(int index, const QString& text);
    QWidget* makeRow(const Notice& notice);

    std::vector<Notice> m_notices;
    QVBoxLayout* m_layout;
};

}  // namespace stet::ui
