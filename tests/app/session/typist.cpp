// A person who types without end, for tst_window_kill: opens the project given (or the example, in the home given),
// types into the judgment and prints a line "ID TAB TEXT" whenever the window says that the text is saved.
//   typist HOME [PROJECT]
#include "tests/app/session/live_window.h"
#include "ui/common/translation.h"

#include <QApplication>
#include <QLabel>

#include <iostream>

using namespace stet;

namespace {

bool saysSaved(test::LiveWindow& live)
{
    for (const QLabel* label : live.window().findChildren<QLabel*>()) {
        if (label->isVisible() && label->text().startsWith(QStringLiteral("Saved"))) {
            return true;
        }
    }
    return false;
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc < 2) {
        return 2;
    }
    test::useHome(QString::fromLocal8Bit(argv[1]));
    const QApplication application(argc, argv);
    ui::installTranslator(*qApp, QStringLiteral("en"));
    test::LiveWindow live;
    if (!(argc > 2 ? live.openProject(QString::fromLocal8Bit(argv[2])) : live.openExample())) {
        live.window().grab().save(QStringLiteral("%1/not-opened.png").arg(QString::fromLocal8Bit(argv[1])));
        return 1;
    }
    std::cout << live.projectFolder().toStdString() << std::endl;
    for (int i = 0;; ++i) {
        live.type(i % 6 == 5 ? QStringLiteral(" ") : QString(QChar(u'a' + i % 26)));
        if (!test::waitFor([&] { return saysSaved(live); })) {
            return 1;
        }
        std::cout << live.shownId() << '\t' << live.judgment()->toPlainText().toStdString() << std::endl;
        if (i % 40 == 39) {
            live.submit();
        }
    }
}
