#include "ui/annotate/queue_delegate.h"

#include "ui/annotate/queue_model.h"
#include "ui/common/icons.h"
#include "ui/common/theme.h"

#include <QPainter>

namespace stet::ui {

namespace {

// ○ to do, ◐ draft, ● criticised, ✓ accepted, – skipped: told apart without colour.
void drawSign(QPainter* painter, const QRectF& box, const QModelIndex& index, const Colours& colours)
{
    const auto verdict = static_cast<annotate::Verdict>(index.data(QueueModel::VerdictRole).toInt());
    const bool draft = index.data(QueueModel::DraftRole).toBool();
    painter->setBrush(Qt::NoBrush);
    if (draft) {
        painter->setPen(QPen(colours.accent, 1.4));
        painter->drawEllipse(box.adjusted(1, 1, -1, -1));
        painter->setBrush(colours.accent);
        painter->drawPie(box.adjusted(1, 1, -1, -1), 90 * 16, 180 * 16);
        return;
    }
    switch (verdict) {
    case annotate::Verdict::Criticised:
        painter->setPen(Qt::NoPen);
        painter->setBrush(colours.flagMark);
        painter->drawEllipse(box.adjusted(1, 1, -1, -1));
        break;
    case annotate::Verdict::Accepted:
        painter->setPen(QPen(colours.good, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter->drawPolyline(QPolygonF({{box.left() + 1, box.center().y()},
                                         {box.left() + box.width() * 0.4, box.bottom() - 2},
                                         {box.right(), box.top() + 1.5}}));
        break;
    case annotate::Verdict::Skipped:
        painter->setPen(QPen(colours.dimText, 2));
        painter->drawLine(QPointF(box.left() + 1, box.center().y()), QPointF(box.right() - 1, box.center().y()));
        break;
    case annotate::Verdict::Open:
        painter->setPen(QPen(colours.dimText, 1.4));
        painter->drawEllipse(box.adjusted(1, 1, -1, -1));
        break;
    }
}

}  // namespace

QSize QueueDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& /*index*/) const
{
    return {100, option.fontMetrics.height() + 12};
}

void QueueDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Colours& colours = coloursFor(option.palette);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const QColor selection = mixed(colours.background, colours.accent, colours.dark ? 0.34 : 0.16);
    if (selected || option.state.testFlag(QStyle::State_MouseOver)) {
        painter->fillRect(option.rect, selected ? selection : colours.soft);
    }
    if (selected) {
        painter->fillRect(QRect(option.rect.topLeft(), QSize(3, option.rect.height())), colours.accent);
    }
    const int sign = option.fontMetrics.height() - 5;
    const QRectF box(option.rect.left() + 10, option.rect.center().y() - sign / 2.0 + 1, sign, sign);
    drawSign(painter, box, index, colours);
    QRect text = option.rect.adjusted(20 + sign, 0, -8, 0);
    if (index.data(QueueModel::BookmarkedRole).toBool()) {
        const QPixmap flag =
            iconPixmap(QStringLiteral("bookmark"), colours.warning, 14, painter->device()->devicePixelRatioF());
        painter->drawPixmap(QPoint(text.right() - 13, option.rect.center().y() - 6), flag);
        text.setRight(text.right() - 18);
    }
    painter->setPen(colours.text);
    painter->setFont(option.font);
    const QString words = index.data(Qt::DisplayRole).toString();
    painter->drawText(text, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                      option.fontMetrics.elidedText(words, Qt::ElideRight, text.width()));
    painter->restore();
}

}  // namespace stet::ui
