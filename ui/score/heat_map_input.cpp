// Keys and mouse of HeatMapView, apart from its state and its painting.
#include "ui/score/heat_map_view.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>

#include <algorithm>

namespace stet::ui {

void HeatMapView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton) {
        return;
    }
    setFocus(Qt::MouseFocusReason);
    setCurrent(cellAtPoint(event->position().toPoint()), event->modifiers().testFlag(Qt::ShiftModifier));
}

void HeatMapView::mouseMoveEvent(QMouseEvent* event)
{
    const int cell = cellAtPoint(event->position().toPoint());
    setHovered(cell);
    if (event->buttons().testFlag(Qt::LeftButton) && cell >= 0 && m_anchor >= 0) {
        setCurrent(cell, true);
    }
}

void HeatMapView::contextMenuEvent(QContextMenuEvent* event)
{
    if (event->reason() == QContextMenuEvent::Mouse) {
        const int cell = cellAtPoint(event->pos() - viewport()->pos());
        const auto [first, last] = choice();
        if (cell >= 0 && (cell < first || cell > last)) {
            setCurrent(cell, false);
        }
    }
    if (m_current < 0) {
        return;
    }
    QMenu menu(this);
    menu.addAction(tr("Flag by hand") + QStringLiteral("\tF"), this, [this] { markChoice(HandMark::Flag); });
    menu.addAction(tr("Clear by hand") + QStringLiteral("\tC"), this, [this] { markChoice(HandMark::Clear); });
    menu.addAction(tr("Remove my mark"), this, [this] { markChoice(HandMark::None); });
    menu.exec(event->globalPos());
}

bool HeatMapView::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride && m_current >= 0) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool plain = key->modifiers() == Qt::NoModifier;
        const int code = key->key();
        // With a token chosen these keys are about the token; without one they belong to the page.
        if (code == Qt::Key_Left || code == Qt::Key_Right ||
            (plain && (code == Qt::Key_F || code == Qt::Key_C || code == Qt::Key_Escape))) {
            event->accept();
            return true;
        }
    }
    return QAbstractScrollArea::event(event);
}

void HeatMapView::keyPressEvent(QKeyEvent* event)
{
    const int last = static_cast<int>(m_model.cells().size()) - 1;
    const bool every = event->modifiers().testFlag(Qt::ControlModifier);
    const bool extend = event->modifiers().testFlag(Qt::ShiftModifier);
    const int step = event->key() == Qt::Key_Right ? 1 : -1;
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
        if (m_current < 0 && every && last >= 0) {
            setCurrent(step > 0 ? 0 : last, false);
        } else if (m_current < 0) {
            event->ignore();
        } else if (every || extend) {
            setCurrent(std::clamp(m_current + step, 0, last), extend);
        } else {
            chooseNotable(step > 0);
        }
        return;
    case Qt::Key_F:
    case Qt::Key_C:
        if (m_current >= 0 && event->modifiers() == Qt::NoModifier) {
            markChoice(event->key() == Qt::Key_F ? HandMark::Flag : HandMark::Clear);
            return;
        }
        break;
    case Qt::Key_Q:
        if (m_current >= 0 && event->modifiers() == Qt::NoModifier) {
            Q_EMIT quoteRequested(choiceText());
            return;
        }
        break;
    case Qt::Key_Escape:
        if (m_current >= 0) {
            clearChoice();
            return;
        }
        break;
    default:
        break;
    }
    QAbstractScrollArea::keyPressEvent(event);
}

void HeatMapView::focusInEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusInEvent(event);
    if (event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason) {
        m_current = -1;
        chooseNotable(event->reason() == Qt::TabFocusReason);
    }
}

bool HeatMapView::focusNextPrevChild(bool next)
{
    return chooseNotable(next) || QAbstractScrollArea::focusNextPrevChild(next);
}

}  // namespace stet::ui
