#include "ui/annotate/author_text.h"

#include <QCoreApplication>

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
    return QString::fromStdString(author.kind == AuthorKind::Model ? author.model : author.name);
}

}  // namespace stet::ui
