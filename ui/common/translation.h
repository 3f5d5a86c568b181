// Loads the translations bundled as resources. GUI thread; called by main at start and when the language is changed.
#pragma once

#include <QString>
#include <QStringList>

class QApplication;

namespace stet::ui {

// "en", "zh_CN".
QStringList availableLanguages();

// The language that suits the desktop's locale.
QString systemLanguage();

// Replaces the program's translator (ours and Qt's own strings) and sets the default locale; every widget takes the new
// words on LanguageChange. An unknown language is English.
void installTranslator(QApplication& app, const QString& language);

}  // namespace stet::ui
