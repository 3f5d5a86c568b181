#include "ui/common/key_overlay.h"

#include "ui/common/key_map.h"
#include "ui/common/theme.h"

#include <QApplication>
#include <QKeyEvent>
#include <QPainter>

namespace stet::ui {

KeyOverlay::KeyOverlay(QWidget* parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("All keys"));
    hide();
}

void KeyOverlay::open()
{
    m_returnFocus = QApplication::focusWidget();
    QString spoken;
    for (const KeyEntry& entry : defaultKeys().entries()) {
        spoken += entry.text + QStringLiteral(": ") + keyText(entry.action) + QStringLiteral(". ");
    }
    setAccessibleDescription(spoken);
    setGeometry(parentWidget()->rect());
    show();
    raise();
    setFocus(Qt::PopupFocusReason);
}

void KeyOverlay::close()
{
    hide();
    if (m_returnFocus != nullptr) {
        m_returnFocus->setFocus(Qt::PopupFocusReason);
    }
}

bool KeyOverlay::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        event->accept();  // nothing behind the overlay may hear the key that closes it
        return true;
    }
    return QWidget::event(event);
}

void KeyOverlay::keyPressEvent(QKeyEvent* event)
{
    const int key = event->key();
    if (key != Qt::Key_Shift && key != Qt::Key_Control && key != Qt::Key_Alt && key != Qt::Key_Meta) {
        close();
    }
    event->accept();
}

void KeyOverlay::mousePressEvent(QMouseEvent* /*event*/)
{
    close();
}

void KeyOverlay::paintEvent(QPaintEvent* /*event*/)
{
    const Colours& colours = coloursFor(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor veil = colours.window;
    veil.setAlpha(200);
    painter.fillRect(rect(), veil);
    const int lineHeight = fontMetrics().height() + 8;
    QSize size(std::min(width() - 40, 760), std::min(height() - 40, lineHeight * 19 + 60));
    QRect cardRect(QPoint(0, 0), size);
    cardRect.moveCenter(rect().center());
    painter.setPen(colours.border);
    painter.setBrush(colours.background);
    painter.drawRoundedRect(cardRect, 8, 8);
    painter.setPen(colours.text);
    QFont heading = font();
    heading.setWeight(QFont::DemiBold);
    painter.setFont(heading);
    painter.drawText(cardRect.adjusted(24, 16, -24, 0), Qt::AlignTop | Qt::AlignLeft, tr("All keys"));
    painter.setFont(font());
    painter.setPen(colours.dimText);
    painter.drawText(cardRect.adjusted(24, 16, -24, 0), Qt::AlignTop | Qt::AlignRight, tr("Any key closes this"));
    drawGroups(painter, cardRect.adjusted(24, 16 + lineHeight + 6, -24, -16));
}

int KeyOverlay::drawGroups(QPainter& painter, const QRect& area) const
{
    const Colours& colours = coloursFor(palette());
    const int lineHeight = fontMetrics().height() + 8;
    const int columnWidth = (area.width() - 32) / 2;
    QFont heading = font();
    heading.setWeight(QFont::DemiBold);
    int column = 0;
    int y = area.top();
    QString group;
    for (const KeyEntry& entry : defaultKeys().entries()) {
        if (entry.group != group) {
            group = entry.group;
            // "Everywhere" starts the second column.
            if (column == 0 && entry.action == KeyAction::Undo) {
                column = 1;
                y = area.top();
            } else if (y > area.top()) {
                y += lineHeight / 3;
            }
            painter.setFont(heading);
            painter.setPen(colours.accent);
            painter.drawText(QRect(area.left() + column * (columnWidth + 32), y, columnWidth, lineHeight),
                             Qt::AlignVCenter | Qt::AlignLeft, group);
            painter.setFont(font());
            y += lineHeight;
        }
        const QRect line(area.left() + column * (columnWidth + 32), y, columnWidth, lineHeight);
        const QString key = keyText(entry.action);
        const int keyWidth = fontMetrics().horizontalAdvance(key) + 14;
        const QRect box(line.right() - keyWidth, line.top() + 3, keyWidth, lineHeight - 6);
        painter.setPen(colours.border);
        painter.setBrush(colours.window);
        painter.drawRoundedRect(box, 4, 4);
        painter.setPen(colours.text);
        painter.drawText(box, Qt::AlignCenter, key);
        const QRect words = line.adjusted(0, 0, -keyWidth - 8, 0);
        painter.drawText(words, Qt::AlignVCenter | Qt::AlignLeft,
                         fontMetrics().elidedText(entry.text, Qt::ElideRight, words.width()));
        y += lineHeight;
    }
    return y;
}

}  // namespace stet::ui
