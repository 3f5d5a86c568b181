// Painting of HeatMapView, apart from its behaviour.
#include "ui/common/icons.h"
#include "ui/common/theme.h"
#include "ui/score/heat_map_view.h"

#include <QPainter>
#include <QPainterPath>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace stet::ui {

namespace {

constexpr double kUnderline = 2;
constexpr double kHeldUnderline = 0.8;  // lights up, and is not pushed down

// Stale paint fades as a whole, marks too.
QColor faded(const QColor& colour, const Colours& colours, bool stale)
{
    return stale ? mixed(colours.background, colour, 0.4) : colour;
}

void drawCross(QPainter& painter, const QPointF& centre, const QColor& colour)
{
    painter.setPen(QPen(colour, 1.6));
    painter.drawLine(centre + QPointF(-3, -3), centre + QPointF(3, 3));
    painter.drawLine(centre + QPointF(-3, 3), centre + QPointF(3, -3));
}

bool isBlank(const QString& text)
{
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), [](QChar c) { return c.isSpace(); });
}

}  // namespace

void HeatMapView::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(viewport());
    painter.setRenderHint(QPainter::Antialiasing);
    const Colours& colours = coloursFor(palette());
    painter.fillRect(viewport()->rect(), colours.background);
    painter.translate(origin());
    const QRectF visible = QRectF(viewport()->rect()).translated(-origin()).adjusted(0, -20, 0, 20);
    paintFills(painter, visible);
    paintUnscored(painter, visible);
    m_layout.draw(painter, colours.text, m_tints, visible);
    paintMarks(painter, visible);
    paintSigns(painter, visible);
    paintChoice(painter);
}

void HeatMapView::paintFills(QPainter& painter, const QRectF& visible) const
{
    painter.setPen(Qt::NoPen);
    for (const PaintRun& run : m_runs) {
        if (!run.state.fill.isValid()) {
            continue;
        }
        painter.setBrush(run.state.fill);
        for (const QRectF& rect : run.rects) {
            if (rect.intersects(visible)) {
                painter.drawRoundedRect(rect.adjusted(0.5, -1, -0.5, 2.5), 2, 2);
            }
        }
    }
}

void HeatMapView::paintUnscored(QPainter& painter, const QRectF& visible) const
{
    const Colours& colours = coloursFor(palette());
    painter.setPen(QPen(mixed(colours.background, colours.dimText, 0.5), 1));
    for (const QRectF& rect : m_unscored) {
        if (rect.intersects(visible)) {
            painter.drawLine(QPointF(rect.left(), rect.bottom() + 2), QPointF(rect.right(), rect.bottom() + 2));
        }
    }
}

void HeatMapView::paintMarks(QPainter& painter, const QRectF& visible) const
{
    const Colours& colours = coloursFor(palette());
    for (const PaintRun& run : m_runs) {
        const bool seen = std::any_of(run.rects.begin(), run.rects.end(),
                                      [&visible](const QRectF& rect) { return rect.intersects(visible); });
        if (!seen) {
            continue;
        }
        const bool strong = !run.state.held &&
            (run.state.mark == HandMark::Flag || (run.state.flagged && run.state.mark != HandMark::Clear));
        if (strong) {
            m_layout.strengthen(painter, m_index.toUtf16(run.state.begin), m_index.toUtf16(run.state.end),
                                colours.text);
        }
        paintRunMarks(painter, run);
    }
}

void HeatMapView::paintRunMarks(QPainter& painter, const PaintRun& run) const
{
    const Colours& colours = coloursFor(palette());
    const QColor mark = faded(colours.flagMark, colours, m_model.stale());
    const double underline = run.state.held ? kHeldUnderline : kUnderline;
    for (std::size_t i = 0; i < run.rects.size(); ++i) {
        const QRectF& rect = run.rects[i];
        const double y = rect.bottom() + 1.5;
        const QPointF left(rect.left() + 1, y);
        const QPointF right(rect.right() - 1, y);
        if (run.state.mark == HandMark::Flag) {
            QPen pen(mark, underline);
            pen.setCapStyle(Qt::FlatCap);
            pen.setDashPattern({4.4 / underline, 2.8 / underline});
            painter.setPen(pen);
            painter.drawLine(left, right);
            if (i == 0) {
                const QPixmap hand = iconPixmap(QStringLiteral("hand"), mark, 11, devicePixelRatioF());
                painter.drawPixmap(QPointF(rect.center().x() - 5.5, rect.top() - 9), hand);
            }
        } else if (run.state.mark == HandMark::Clear) {
            painter.setPen(QPen(mark, 1));
            painter.drawLine(left, right);
            drawCross(painter, QPointF(rect.center().x(), y), mark);
        } else if (run.state.flagged) {
            QPen pen(mark, underline);
            pen.setCapStyle(Qt::FlatCap);
            painter.setPen(pen);
            painter.drawLine(left, right);
        }
        if (m_showCannot && run.state.cannotBeFlagged) {
            QPen pen(colours.dimText, 1, Qt::DotLine);
            painter.setPen(pen);
            painter.drawLine(QPointF(rect.left() + 1, rect.top() - 2), QPointF(rect.right() - 1, rect.top() - 2));
        }
    }
}

void HeatMapView::paintSigns(QPainter& painter, const QRectF& visible) const
{
    const Colours& colours = coloursFor(palette());
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.8);
    painter.setFont(small);
    const auto& cells = m_model.cells();
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const HeatCell& cell = cells[i];
        const bool isEnd = cell.begin == cell.end;
        const QString text = isEnd ? QString() : cellText(static_cast<int>(i));
        const bool blank = isBlank(text);
        if (!isEnd && !blank && !text.contains(QLatin1Char('\n'))) {
            continue;
        }
        // What can't be seen is drawn where it matters: newlines, the end, and blanks that are penalised.
        for (int k = 0; k < std::max<int>(1, static_cast<int>(text.size())); ++k) {
            const bool newline = !isEnd && text.at(k) == QLatin1Char('\n');
            if (!isEnd && !newline && !(blank && cell.penalised)) {
                continue;
            }
            const int at = m_index.toUtf16(cell.begin) + k;
            for (const QRectF& rect : m_layout.rectsOf(at, isEnd ? at : at + 1)) {
                if (rect.intersects(visible)) {
                    painter.setPen(cell.penalised ? colours.text : mixed(colours.background, colours.dimText, 0.75));
                    const QString sign = isEnd ? QStringLiteral("■")
                        : newline              ? QStringLiteral("↵")
                                               : QStringLiteral("·");
                    painter.drawText(rect.adjusted(-6, 0, 6, 0), Qt::AlignCenter, sign);
                }
            }
        }
    }
    painter.setFont(font());
}

void HeatMapView::paintChoice(QPainter& painter) const
{
    const Colours& colours = coloursFor(palette());
    const auto outline = [&](int first, int last, const QColor& colour, double width) {
        painter.setPen(QPen(colour, width));
        painter.setBrush(Qt::NoBrush);
        for (const QRectF& rect : rectsOfCells(first, last)) {
            painter.drawRoundedRect(rect.adjusted(-0.5, -2, 0.5, 4), 3, 3);
        }
    };
    if (m_hovered >= 0 && m_hovered != m_current) {
        outline(m_hovered, m_hovered, mixed(colours.background, colours.dimText, 0.7), 1);
    }
    if (m_current >= 0) {
        const auto [first, last] = choice();
        outline(first, last, colours.accent, hasFocus() ? 2 : 1.2);
    }
}

}  // namespace stet::ui
