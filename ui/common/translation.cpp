#include "ui/common/translation.h"

#include <QApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

static void initTranslations()
{
    Q_INIT_RESOURCE(stet_translations);
}

namespace stet::ui {

namespace {

// One translator per kind, found again by its name, so that a change of language replaces it.
void replaceTranslator(QApplication& app, const QString& name, const QString& file)
{
    if (auto* old = app.findChild<QTranslator*>(name)) {
        QCoreApplication::removeTranslator(old);
        delete old;
    }
    auto* translator = new QTranslator(&app);
    translator->setObjectName(name);
    if (translator->load(file)) {
        QCoreApplication::installTranslator(translator);
    }
}

}  // namespace

QStringList availableLanguages()
{
    return {QStringLiteral("en"), QStringLiteral("zh_CN")};
}

QString systemLanguage()
{
    return QLocale::system().language() == QLocale::Chinese ? QStringLiteral("zh_CN") : QStringLiteral("en");
}

void installTranslator(QApplication& app, const QString& language)
{
    initTranslations();
    const QString known = availableLanguages().contains(language) ? language : QStringLiteral("en");
    QLocale::setDefault(QLocale(known));
    const QString qtFolder = QLibraryInfo::path(QLibraryInfo::TranslationsPath);
    replaceTranslator(app, QStringLiteral("translator-qt"), qtFolder + QStringLiteral("/qtbase_") + known);
    replaceTranslator(app, QStringLiteral("translator-stet"), QStringLiteral(":/stet/translations/stet_") + known);
}

}  // namespace stet::ui
