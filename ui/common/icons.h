// Icons from resources/icons, one colour each, drawn in the colour asked for at any size. GUI thread.
#pragma once

#include <QColor>
#include <QIcon>

namespace stet::ui {

// `name` is the file's name without ".svg"; unknown: an empty icon.
QIcon icon(const QString& name, const QColor& colour);
QPixmap iconPixmap(const QString& name, const QColor& colour, int size, double devicePixelRatio);

}  // namespace stet::ui
