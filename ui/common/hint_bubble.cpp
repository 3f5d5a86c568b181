#include "ui/common/hint_bubble.h"

#include "ui/common/parts.h"
#include "ui/common/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QPainterPath>
#include <QToolButton>

#include <algorithm>

namespace stet::ui {

namespace {
constexpr int kTip = 9;
constexpr int kMaxWidth = 340;
}  // namespace

HintBubble::HintBubble(QWidget* parent) : QWidget(parent), m_text(plainLabel(this)), m_close(new QToolButton(this))
{
    m_text->setWordWrap(true);
    m_close->setText(QStringLiteral("×"));
    m_close->setAccessibleName(tr("Close this hint"));
    m_close->setFocusPolicy(Qt::NoFocus);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(14, 10 + kTip, 8, 10 + kTip);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_close, 0, Qt::AlignTop);
    hide();
    connect(m_close, &QToolButton::clicked, this, [this] {
        hide();
        Q_EMIT dismissed();
    });
}

QString HintBubble::text() const
{
    return m_text->text();
}

void HintBubble::showAt(const QRect& target, const QString& text)
{
    m_text->setText(text);
    setAccessibleName(text);
    const int textWidth = std::min(kMaxWidth, fontMetrics().horizontalAdvance(text) + 8);
    m_text->setFixedWidth(textWidth);
    const QSize size(textWidth + 60, m_text->heightForWidth(textWidth) + 20 + 2 * kTip + 4);
    const QRect room = parentWidget()->rect();
    m_above = target.bottom() + size.height() > room.bottom();
    const int x = std::clamp(target.left() - 16, 4, std::max(4, room.right() - size.width() - 4));
    const int y = m_above ? target.top() - size.height() + kTip - 2 : target.bottom() + 2 - kTip + 4;
    m_tip = std::clamp(target.center().x() - x, 20, size.width() - 20);
    m_tip = std::min(m_tip, target.left() - x + 40);
    m_tip = std::clamp(m_tip, 20, size.width() - 20);
    setGeometry(x, y, size.width(), size.height());
    show();
    raise();
}

void HintBubble::paintEvent(QPaintEvent* /*event*/)
{
    const Colours& colours = coloursFor(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF body = QRectF(rect()).adjusted(1, kTip, -1, -kTip);
    QPainterPath path;
    path.addRoundedRect(body, 7, 7);
    QPainterPath tip;
    const double base = m_above ? body.bottom() : body.top();
    const double point = m_above ? base + kTip - 1 : base - kTip + 1;
    tip.addPolygon(QPolygonF({{m_tip - 8.0, base}, {double(m_tip), point}, {m_tip + 8.0, base}, {m_tip - 8.0, base}}));
    painter.setPen(QPen(colours.accent, 1.4));
    painter.setBrush(mixed(colours.background, colours.accent, colours.dark ? 0.28 : 0.12));
    painter.drawPath(path.united(tip));
}

void HintBubble::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        m_close->setAccessibleName(tr("Close this hint"));
    }
}

}  // namespace stet::ui
