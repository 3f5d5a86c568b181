#include "ui/annotate/author_text.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

namespace stet::ui {

QString authorText(const annotate::Author& author)
{
    using annotate::AuthorKind;
    if (isOwnPerson(author)) {
        return {};
    }
    if (author.kind == AuthorKind::Unknown) {
        return QCoreApplication::translate("stet::ui::ResponsePanel", "import");
    }
    return author.kind == AuthorKind::Model ? modelText(author) : QString::fromStdString(author.name);
}

QString modelText(const annotate::Author& author)
{
    const QString model = QString::fromStdString(author.model);
    const QString name = QDir::isAbsolutePath(model) ? QFileInfo(model).fileName() : model;
    return author.round.value_or(0) == 0
        ? name
        : QCoreApplication::translate("stet::ui::ResponsePanel", "%1, round %2").arg(name).arg(*author.round);
}

}  // namespace stet::ui
