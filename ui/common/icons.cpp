#include "ui/common/icons.h"

#include <QFile>
#include <QPainter>
#include <QPixmap>
#include <QSvgRenderer>

namespace stet::ui {

QPixmap iconPixmap(const QString& name, const QColor& colour, int size, double devicePixelRatio)
{
    QFile file(QStringLiteral(":/stet/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    QByteArray svg = file.readAll();
    svg.replace("currentColor", colour.name().toLatin1());
    QPixmap pixmap(QSize(size, size) * devicePixelRatio);
    pixmap.setDevicePixelRatio(devicePixelRatio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    QSvgRenderer(svg).render(&painter, QRectF(0, 0, size, size));
    return pixmap;
}

QIcon icon(const QString& name, const QColor& colour)
{
    QIcon result;
    for (const int size : {16, 20, 24, 32, 48}) {
        const QPixmap pixmap = iconPixmap(name, colour, size, 1.0);
        if (!pixmap.isNull()) {
            result.addPixmap(pixmap);
        }
    }
    return result;
}

}  // namespace stet::ui
