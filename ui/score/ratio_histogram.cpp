#include "ui/score/ratio_histogram.h"

#include "ui/common/theme.h"
#include "ui/score/heat_map_model.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace stet::ui {

namespace {

constexpr int kBars = 49;

struct Tick {
    double ratio;
    const char* text;
};
constexpr Tick kTicks[] = {{0.01, "÷100"}, {0.1, "÷10"}, {0.5, "÷2"}, {1, "1"}, {2, "×2"}, {10, "×10"}, {100, "×100"}};

double signedStrength(double logRatio)
{
    return (logRatio < 0 ? -1 : 1) * strengthOf(logRatio);
}

}  // namespace

RatioHistogram::RatioHistogram(QWidget* parent) : QWidget(parent), m_bars(kBars, 0)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setCursor(Qt::SizeHorCursor);
    describe();
}

void RatioHistogram::describe()
{
    setAccessibleName(tr("Threshold λ"));
    setAccessibleDescription(tr("λ is %1. Arrow keys move it.").arg(m_lambda, 0, 'f', 2));
    setToolTip(tr(
        "How much more likely each token becomes once the judgment is known. Drag the line to move the threshold λ."));
}

void RatioHistogram::setRatios(const std::vector<double>& logRatios)
{
    std::fill(m_bars.begin(), m_bars.end(), 0);
    for (const double ratio : logRatios) {
        if (!std::isnan(ratio)) {
            const double place = (signedStrength(ratio) + 1) / 2 * kBars;
            ++m_bars[static_cast<std::size_t>(std::clamp(static_cast<int>(place), 0, kBars - 1))];
        }
    }
    update();
}

void RatioHistogram::setContrast(stet::Contrast contrast)
{
    m_contrast = contrast;
    update();
}

void RatioHistogram::setLambda(double lambda)
{
    m_lambda = lambda;
    describe();
    update();
}

void RatioHistogram::setStale(bool stale)
{
    m_stale = stale;
    update();
}

QRectF RatioHistogram::plot() const
{
    return QRectF(rect()).adjusted(12, fontMetrics().height() + 4, -12, -fontMetrics().height() - 4);
}

double RatioHistogram::xOf(double logRatio) const
{
    return plot().left() + (signedStrength(logRatio) + 1) / 2 * plot().width();
}

double RatioHistogram::lineX() const
{
    const double log = std::log(m_lambda);
    return xOf(m_contrast == stet::Contrast::D4 ? -log : log);
}

void RatioHistogram::change(double lambda)
{
    // Two decimals: what the label shows is what is used.
    const double rounded = std::round(std::clamp(lambda, kMinLambda, kMaxLambda) * 100) / 100;
    if (rounded != m_lambda) {
        setLambda(rounded);
        Q_EMIT lambdaChanged(rounded);
    }
}

void RatioHistogram::moveTo(double x)
{
    const double place = (x - plot().left()) / plot().width() * 2 - 1;
    const double signedPlace = m_contrast == stet::Contrast::D4 ? -place : place;
    change(std::exp(logRatioOf(std::max(0.0, signedPlace))));
}

bool RatioHistogram::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Up || key == Qt::Key_Down) {
            event->accept();  // the line's, not the page's "next item"
            return true;
        }
    }
    return QWidget::event(event);
}

void RatioHistogram::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton) {
        m_dragging = true;
        moveTo(event->position().x());
    }
}

void RatioHistogram::mouseMoveEvent(QMouseEvent* event)
{
    if (m_dragging) {
        moveTo(event->position().x());
    }
}

void RatioHistogram::mouseReleaseEvent(QMouseEvent* event)
{
    if (m_dragging && event->button() == Qt::LeftButton) {
        m_dragging = false;
        Q_EMIT lambdaCommitted(m_lambda);
    }
}

void RatioHistogram::keyPressEvent(QKeyEvent* event)
{
    const double step = event->modifiers().testFlag(Qt::ShiftModifier) ? 0.1 : 0.01;
    if (event->key() == Qt::Key_Left || event->key() == Qt::Key_Down) {
        change(m_lambda - step);
    } else if (event->key() == Qt::Key_Right || event->key() == Qt::Key_Up) {
        change(m_lambda + step);
    } else {
        QWidget::keyPressEvent(event);
        return;
    }
    Q_EMIT lambdaCommitted(m_lambda);
}

void RatioHistogram::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        describe();
    }
    update();
}

void RatioHistogram::paintEvent(QPaintEvent* /*event*/)
{
    const Colours& colours = coloursFor(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF area = plot();
    // One token in a bar must still be seen beside a hundred in another.
    const double most = std::log1p(std::max(1, *std::max_element(m_bars.begin(), m_bars.end())));
    const double barWidth = area.width() / kBars;
    painter.setPen(Qt::NoPen);
    for (int i = 0; i < kBars; ++i) {
        const int count = m_bars[static_cast<std::size_t>(i)];
        if (count == 0) {
            continue;
        }
        const double place = (i + 0.5) / kBars * 2 - 1;
        const QColor full = place >= 0 ? colours.orange : colours.blue;
        const QColor shade = mixed(colours.background, full, m_stale ? 0.3 : 0.45 + 0.55 * std::abs(place));
        const double height = std::max(3.0, area.height() * std::log1p(count) / most);
        painter.setBrush(shade);
        painter.drawRect(QRectF(area.left() + i * barWidth + 0.5, area.bottom() - height, barWidth - 1, height));
    }
    painter.setPen(colours.border);
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    QFont tiny = font();
    tiny.setPointSizeF(tiny.pointSizeF() * 0.78);
    painter.setFont(tiny);
    painter.setPen(colours.dimText);
    for (const Tick& tick : kTicks) {
        const double x = xOf(std::log(tick.ratio));
        painter.drawLine(QPointF(x, area.bottom()), QPointF(x, area.bottom() + 3));
        if (std::abs(std::log10(tick.ratio)) > 1.5 && width() < 380) {
            continue;  // no room for the words
        }
        painter.drawText(QRectF(x - 20, area.bottom() + 3, 40, fontMetrics().height()), Qt::AlignHCenter | Qt::AlignTop,
                         QString::fromUtf8(tick.text));
    }
    painter.setFont(font());
    const double x = lineX();
    painter.setPen(QPen(colours.flagMark, hasFocus() ? 3 : 2));
    painter.drawLine(QPointF(x, area.top() - 2), QPointF(x, area.bottom()));
    painter.setBrush(colours.flagMark);
    painter.setPen(Qt::NoPen);
    painter.drawPolygon(QPolygonF({{x - 5, area.top() - 3}, {x + 5, area.top() - 3}, {x, area.top() + 4}}));
    painter.setPen(colours.text);
    const QString label = tr("λ %1").arg(m_lambda, 0, 'f', 2);
    const double labelWidth = fontMetrics().horizontalAdvance(label) + 4;
    const double labelX = std::clamp(x - labelWidth / 2, 0.0, width() - labelWidth);
    painter.drawText(QRectF(labelX, 0, labelWidth, fontMetrics().height()), Qt::AlignCenter, label);
}

}  // namespace stet::ui
