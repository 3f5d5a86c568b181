// A page on the screen, and what is on it.
#pragma once

#include "ui/common/theme.h"
#include "ui/common/translation.h"

#include <QPushButton>
#include <QtTest>

namespace stet::test {

// For initTestCase().
inline void dressAsUsual()
{
    ui::applyTheme(*qApp, ui::ThemeChoice::Light);
    ui::installTranslator(*qApp, QStringLiteral("en"));
}

// The visible button whose text begins so; null when there is none.
inline QPushButton* button(const QWidget& page, const QString& text)
{
    for (QPushButton* found : page.findChildren<QPushButton*>()) {
        if (found->text().startsWith(text) && found->isVisible()) {
            return found;
        }
    }
    return nullptr;
}

inline void show(QWidget& page)
{
    page.resize(1180, 760);
    page.show();
    QVERIFY(QTest::qWaitForWindowExposed(&page));
    page.activateWindow();
    page.setFocus();
}

}  // namespace stet::test
