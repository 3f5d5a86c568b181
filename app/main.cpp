// stet: the window, or a sub-command without one.
#include "app/command/command.h"
#include "app/session/window_controller.h"
#include "base/log.h"
#include "base/resources.h"
#include "base/version.h"
#include "ui/common/theme.h"
#include "ui/common/translation.h"

#include <QApplication>
#include <QDir>
#include <QScreen>
#include <QSettings>
#include <QSocketNotifier>
#include <QStandardPaths>

#include <csignal>
#include <iostream>

#include <sys/socket.h>
#include <unistd.h>

using namespace stet;

namespace {

int g_signalPipe[2] = {-1, -1};

void onSignal(int)
{
    const char byte = 1;
    (void)!::write(g_signalPipe[0], &byte, 1);
}

// SIGTERM and SIGHUP close the window as a person would: words are written, a round is checkpointed.
void closeOnSignals(ui::MainWindow& window)
{
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, g_signalPipe) != 0) {
        return;
    }
    auto* notifier = new QSocketNotifier(g_signalPipe[1], QSocketNotifier::Read, &window);
    QObject::connect(notifier, &QSocketNotifier::activated, &window, [&window] { window.close(); });
    for (const int signal : {SIGTERM, SIGHUP, SIGINT}) {
        std::signal(signal, onSignal);
    }
}

// As it was left; the first time a size for the screens of laptops, with room for the frame.
void placeWindow(ui::MainWindow& window)
{
    constexpr int kFrame = 40;
    const QByteArray left = QSettings().value(QStringLiteral("geometry")).toByteArray();
    if (left.isEmpty() || !window.restoreGeometry(left)) {
        const QSize free = window.screen()->availableSize() - QSize(0, kFrame);
        window.resize(QSize(1280, 800).boundedTo(free));
    }
}

}  // namespace

int main(int argc, char** argv)
{
    if (app::isCommand(argc, argv)) {
        return app::runCommand(argc, argv);
    }
    if (const auto problem = app::whyNoWindow(argc, argv)) {
        std::cerr << "stet: " << problem->message << '\n';
        return static_cast<int>(problem->kind);
    }
    QApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("stet"));
    QApplication::setApplicationName(QStringLiteral("stet"));
    QApplication::setApplicationDisplayName(QStringLiteral("Stet"));
    QGuiApplication::setDesktopFileName(QStringLiteral("stet"));  // its icon in the desktop's lists of windows
    const QString data = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
    QDir().mkpath(data);
    log::start("stet", log::Level::Info, (data + QStringLiteral("/stet.log")).toStdString());

    const QSettings settings;
    const QString language = settings.value(QStringLiteral("language"), ui::systemLanguage()).toString();
    const auto theme = static_cast<ui::ThemeChoice>(settings.value(QStringLiteral("theme"), 0).toInt());
    ui::installTranslator(application, language);
    ui::applyTheme(application, theme);

    app::WorkerClient worker;
    ui::MainWindow window;
    window.setLanguage(language);
    window.setThemeChoice(theme);
    window.setAbout({QString::fromStdString(versionText()), QString::fromStdString(resourcePath("licences"))});
    placeWindow(window);
    app::WindowController controller(window, worker, QString::fromStdString(app::exampleFolder()),
                                     QString::fromStdString(app::realExampleFolder()));
    closeOnSignals(window);
    window.show();
    controller.begin(argc == 2 ? QString::fromLocal8Bit(argv[1]) : QString());
    const int code = QApplication::exec();
    QSettings().setValue(QStringLiteral("geometry"), window.saveGeometry());
    return code;
}
