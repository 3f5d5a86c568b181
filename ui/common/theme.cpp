#include "ui/common/theme.h"

#include <QApplication>
#include <QFile>
#include <QStyleFactory>

#include <algorithm>
#include <cmath>

// Q_INIT_RESOURCE must stand outside every namespace; a static library's resources are not registered by themselves.
static void initUiResources()
{
    Q_INIT_RESOURCE(stet_ui);
}

namespace stet::ui {

namespace {

double linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& colour)
{
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

Colours makeLight()
{
    Colours colours;
    colours.dark = false;
    colours.background = QColor(0xFFFFFF);
    colours.text = QColor(0x1B1B1B);
    colours.orange = QColor(0xF0975A);
    colours.blue = QColor(0x7FB2E5);
    colours.flagMark = QColor(0x7A1F00);
    colours.dimText = QColor(0x595959);
    colours.window = QColor(0xF4F3F1);
    colours.border = QColor(0xD3D0CB);
    colours.accent = QColor(0x1F5A96);
    colours.accentText = QColor(0xFFFFFF);
    colours.good = QColor(0x1E6B3A);
    colours.warning = QColor(0x8A5300);
    colours.problem = QColor(0xA32014);
    colours.soft = QColor(0xE9E6E1);
    return colours;
}

Colours makeDark()
{
    Colours colours;
    colours.dark = true;
    colours.background = QColor(0x1F1F1F);
    colours.text = QColor(0xF0F0F0);
    colours.orange = QColor(0x9C4A12);
    colours.blue = QColor(0x265F9E);
    colours.flagMark = QColor(0xFFC49A);
    colours.dimText = QColor(0xB5B5B5);
    colours.window = QColor(0x282828);
    colours.border = QColor(0x474747);
    colours.accent = QColor(0x8ABDF0);
    colours.accentText = QColor(0x10202F);
    colours.good = QColor(0x8FD6A6);
    colours.warning = QColor(0xF0C070);
    colours.problem = QColor(0xFF9C8C);
    colours.soft = QColor(0x363636);
    return colours;
}

bool desktopIsDark()
{
    // Before our own palette is set the application's is the desktop's.
    static const bool kDark = QApplication::palette().color(QPalette::Window).lightness() < 128;
    return kDark;
}

QString styleSheetFor(const Colours& colours)
{
    QFile file(QStringLiteral(":/stet/themes/stet.qss"));
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    QString sheet = QString::fromUtf8(file.readAll());
    const std::pair<const char*, QColor> names[] = {
        {"@background", colours.background},
        {"@accentText", colours.accentText},
        {"@accentSoft", mixed(colours.background, colours.accent, colours.dark ? 0.28 : 0.12)},
        {"@accentStrong", mixed(colours.accent, colours.text, 0.2)},
        {"@accent", colours.accent},
        {"@dimText", colours.dimText},
        {"@text", colours.text},
        {"@window", colours.window},
        {"@border", colours.border},
        {"@soft", colours.soft},
        {"@good", colours.good},
        {"@warning", colours.warning},
        {"@problem", colours.problem},
    };
    for (const auto& [name, colour] : names) {
        sheet.replace(QLatin1String(name), colour.name());
    }
    return sheet;
}

}  // namespace

const Colours& lightColours()
{
    static const Colours kColours = makeLight();
    return kColours;
}

const Colours& darkColours()
{
    static const Colours kColours = makeDark();
    return kColours;
}

const Colours& coloursFor(const QPalette& palette)
{
    return palette.color(QPalette::Window).lightness() < 128 ? darkColours() : lightColours();
}

QPalette paletteFor(const Colours& colours)
{
    QPalette palette;
    palette.setColor(QPalette::Window, colours.window);
    palette.setColor(QPalette::WindowText, colours.text);
    palette.setColor(QPalette::Base, colours.background);
    palette.setColor(QPalette::AlternateBase, mixed(colours.background, colours.window, 0.6));
    palette.setColor(QPalette::Text, colours.text);
    palette.setColor(QPalette::PlaceholderText, colours.dimText);
    palette.setColor(QPalette::Button, mixed(colours.window, colours.background, 0.5));
    palette.setColor(QPalette::ButtonText, colours.text);
    palette.setColor(QPalette::BrightText, colours.problem);
    palette.setColor(QPalette::Highlight, colours.accent);
    palette.setColor(QPalette::HighlightedText, colours.accentText);
    palette.setColor(QPalette::Link, colours.accent);
    palette.setColor(QPalette::LinkVisited, colours.accent);
    palette.setColor(QPalette::ToolTipBase, colours.background);
    palette.setColor(QPalette::ToolTipText, colours.text);
    palette.setColor(QPalette::Light, mixed(colours.window, QColor(Qt::white), colours.dark ? 0.15 : 0.8));
    palette.setColor(QPalette::Midlight, mixed(colours.window, QColor(Qt::white), colours.dark ? 0.08 : 0.4));
    palette.setColor(QPalette::Mid, colours.border);
    palette.setColor(QPalette::Dark, mixed(colours.window, QColor(Qt::black), 0.3));
    palette.setColor(QPalette::Shadow, mixed(colours.window, QColor(Qt::black), 0.6));
    const QColor faded = mixed(colours.window, colours.text, 0.45);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        palette.setColor(QPalette::Disabled, role, faded);
    }
    palette.setColor(QPalette::Disabled, QPalette::Highlight, colours.border);
    return palette;
}

void applyTheme(QApplication& app, ThemeChoice choice)
{
    initUiResources();
    const bool dark = choice == ThemeChoice::Dark || (choice == ThemeChoice::System && desktopIsDark());
    const Colours& colours = dark ? darkColours() : lightColours();
    app.setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    app.setPalette(paletteFor(colours));
    app.setStyleSheet(styleSheetFor(colours));
}

QColor mixed(const QColor& from, const QColor& to, double share)
{
    const double s = std::clamp(share, 0.0, 1.0);
    const auto channel = [s](int a, int b) { return static_cast<int>(std::lround(a + (b - a) * s)); };
    return QColor(channel(from.red(), to.red()), channel(from.green(), to.green()), channel(from.blue(), to.blue()));
}

double contrastRatio(const QColor& a, const QColor& b)
{
    const double first = luminance(a);
    const double second = luminance(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

}  // namespace stet::ui
