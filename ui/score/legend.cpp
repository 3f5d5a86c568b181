#include "ui/score/legend.h"

#include "ui/common/number_text.h"
#include "ui/common/theme.h"
#include "ui/score/heat_map_model.h"

#include <QEvent>
#include <QPainter>

#include <cmath>

namespace stet::ui {

namespace {
constexpr int kSwatch = 22;
constexpr double kTicks[] = {1.1, 2, 10, 100};
}  // namespace

Legend::Legend(QWidget* parent) : QWidget(parent)
{
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.85);
    setFont(small);
    describe();
}

void Legend::setLambda(double lambda)
{
    m_lambda = lambda;
    describe();
    update();
}

void Legend::setPushesBeginnings(bool pushes)
{
    m_pushesBeginnings = pushes;
    describe();
    update();
}

void Legend::describe()
{
    setAccessibleName(tr("Legend"));
    QString description =
        tr("Orange: more likely once the judgment is known. Blue: less likely. Underlined: flagged at λ %1.")
            .arg(m_lambda, 0, 'f', 2);
    if (m_pushesBeginnings) {
        description += QLatin1Char(' ') +
            tr("Of each run the first word is pushed down; thinly underlined: what follows from it.");
    }
    setAccessibleDescription(description);
    setToolTip(description);
}

QSize Legend::sizeHint() const
{
    return {480, fontMetrics().height() * 2 + 4};
}

QSize Legend::minimumSizeHint() const
{
    return {200, fontMetrics().height() * 2 + 4};
}

void Legend::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        describe();
        updateGeometry();
    }
    update();
}

void Legend::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const int scaleEnd = paintScale(painter, 2);
    paintSigns(painter, scaleEnd + 18);
}

int Legend::paintScale(QPainter& painter, int x) const
{
    const Colours& colours = coloursFor(palette());
    const int line = fontMetrics().height();
    painter.setPen(colours.dimText);
    const QString less = tr("less likely");
    painter.drawText(x, fontMetrics().ascent(), less);
    x += fontMetrics().horizontalAdvance(less) + 8;
    const auto swatch = [&](double ratio, const QColor& full, const QString& sign) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(mixed(colours.background, full, strengthOf(std::log(ratio))));
        painter.drawRoundedRect(QRectF(x, 1, kSwatch - 1, line - 3), 2, 2);
        painter.setPen(colours.dimText);
        QFont tiny = font();
        tiny.setPointSizeF(tiny.pointSizeF() * 0.86);
        painter.setFont(tiny);
        const QString text = sign + (ratio < 1.5 ? QString::number(ratio, 'f', 1) : QString::number(ratio));
        painter.drawText(QRectF(x - 12, line - 1, kSwatch + 24, line), Qt::AlignHCenter | Qt::AlignTop, text);
        painter.setFont(font());
        x += kSwatch + 6;
    };
    for (int i = 3; i >= 0; --i) {
        swatch(kTicks[i], colours.blue, QStringLiteral("÷"));
    }
    painter.setPen(colours.dimText);
    painter.drawText(QRectF(x - 4, 0, 8, line), Qt::AlignCenter, QStringLiteral("·"));
    x += 8;
    for (const double tick : kTicks) {
        swatch(tick, colours.orange, QStringLiteral("×"));
    }
    const QString more = tr("more likely");
    painter.setPen(colours.dimText);
    painter.drawText(x + 2, fontMetrics().ascent(), more);
    return x + 2 + fontMetrics().horizontalAdvance(more);
}

int Legend::paintSigns(QPainter& painter, int x) const
{
    const Colours& colours = coloursFor(palette());
    const int line = fontMetrics().height();
    // To the right of the scale where there is room, else what fits under it is left to the tool tip.
    const QString flagged = tr("flagged (λ %1)").arg(m_lambda, 0, 'f', 2);
    const QString below = m_pushesBeginnings ? tr("follows, is not pushed down") : tr("can't be flagged");
    painter.setPen(QPen(colours.flagMark, 2));
    painter.drawLine(QPointF(x, line - 4), QPointF(x + 16, line - 4));
    painter.setPen(colours.dimText);
    painter.drawText(x + 22, fontMetrics().ascent(), flagged);
    const int second = line * 2;
    painter.setPen(m_pushesBeginnings ? QPen(colours.flagMark, 0.8) : QPen(colours.dimText, 1, Qt::DotLine));
    painter.drawLine(QPointF(x, line + 3), QPointF(x + 16, line + 3));
    painter.setPen(colours.dimText);
    painter.drawText(x + 22, second - fontMetrics().descent(), below);
    return x;
}

}  // namespace stet::ui
