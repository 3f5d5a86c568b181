// Paints one line of the queue: a sign for the verdict (shape, not colour alone), the instruction, a flag. GUI thread.
#pragma once

#include <QStyledItemDelegate>

namespace stet::ui {

class QueueDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace stet::ui
