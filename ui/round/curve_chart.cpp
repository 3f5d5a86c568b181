#include "ui/round/curve_chart.h"

#include "ui/common/theme.h"

#include <QChart>
#include <QEvent>
#include <QGraphicsLayout>
#include <QLineSeries>
#include <QValueAxis>

#include <algorithm>
#include <cmath>

namespace stet::ui {

CurveChart::CurveChart(bool percent, QWidget* parent)
    : QChartView(parent)
    , m_series(new QLineSeries(this))
    , m_x(new QValueAxis(this))
    , m_y(new QValueAxis(this))
    , m_percent(percent)
{
    setRenderHint(QPainter::Antialiasing);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus);
    viewport()->setFocusPolicy(Qt::NoFocus);
    setMinimumSize(200, 150);
    chart()->legend()->hide();
    chart()->setMargins(QMargins(4, 2, 8, 2));
    chart()->layout()->setContentsMargins(0, 0, 0, 0);
    chart()->setBackgroundRoundness(6);
    chart()->addSeries(m_series);
    chart()->addAxis(m_x, Qt::AlignBottom);
    chart()->addAxis(m_y, Qt::AlignLeft);
    m_series->attachAxis(m_x);
    m_series->attachAxis(m_y);
    m_x->setLabelFormat(QStringLiteral("%d"));
    m_x->setTickCount(4);
    m_y->setTickCount(4);
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.82);
    for (QValueAxis* axis : {m_x, m_y}) {
        axis->setLabelsFont(small);
        axis->setTitleFont(small);
    }
    QFont title = font();
    title.setWeight(QFont::DemiBold);
    chart()->setTitleFont(title);
    applyColours();
    fitAxes();
}

void CurveChart::setNames(const QString& title, const QString& stepName)
{
    chart()->setTitle(title);
    m_x->setTitleText(stepName);
    setAccessibleName(title);
}

void CurveChart::clear()
{
    m_series->clear();
    m_steps = 1;
    m_low = m_high = 0;
    fitAxes();
}

void CurveChart::append(int step, int steps, double value)
{
    if (!std::isfinite(value)) {
        return;
    }
    // Never backwards (RoundCurves::addStep).
    while (m_series->count() > 0 && m_series->at(m_series->count() - 1).x() >= step) {
        m_series->remove(m_series->count() - 1);
    }
    const double shown = m_percent ? value * 100 : value;
    m_low = m_series->count() == 0 ? shown : std::min(m_low, shown);
    m_high = m_series->count() == 0 ? shown : std::max(m_high, shown);
    m_steps = std::max({m_steps, steps, step});
    m_series->append(step, shown);
    fitAxes();
    setAccessibleDescription(tr("step %1: %2").arg(step).arg(shown, 0, 'g', 3));
}

int CurveChart::count() const
{
    return static_cast<int>(m_series->count());
}

void CurveChart::fitAxes()
{
    m_x->setRange(0, m_steps);
    const double span = std::max(m_high - std::min(0.0, m_low), 1e-9);
    const double low = m_low < 0 ? m_low - 0.05 * span : 0;
    const double high = m_high <= low ? low + 1 : m_high + 0.08 * span;
    m_y->setRange(low, high);
    if (m_percent) {
        m_y->setLabelFormat(QStringLiteral("%.0f %%"));
    } else {
        m_y->setLabelFormat(high < 0.01    ? QStringLiteral("%.1e")
                                : high < 1 ? QStringLiteral("%.2f")
                                           : QStringLiteral("%.1f"));
    }
}

void CurveChart::applyColours()
{
    const Colours& colours = coloursFor(palette());
    setBackgroundBrush(Qt::NoBrush);
    chart()->setBackgroundBrush(colours.background);
    chart()->setBackgroundPen(colours.border);
    chart()->setTitleBrush(colours.text);
    m_series->setPen(QPen(colours.accent, 2));
    QColor grid = colours.border;
    grid.setAlphaF(0.5F);
    for (QValueAxis* axis : {m_x, m_y}) {
        axis->setLabelsColor(colours.dimText);
        axis->setTitleBrush(colours.dimText);
        axis->setGridLineColor(grid);
        axis->setLinePenColor(colours.border);
    }
}

void CurveChart::changeEvent(QEvent* event)
{
    QChartView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        applyColours();
    }
}

}  // namespace stet::ui
