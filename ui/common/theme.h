// Light and dark: palettes for Fusion, the heat-map's colours, and the one style sheet (resources/themes/stet.qss).
//
// Colours are looked up from a widget's own palette, so there is no state to keep: a widget that paints asks
// `coloursFor(palette())` and repaints on PaletteChange. GUI thread; applyTheme is called by main and on a change.
#pragma once

#include <QColor>
#include <QPalette>

class QApplication;

namespace stet::ui {

enum class ThemeChoice { System, Light, Dark };

// The heat-map's colours (docs/glossary.md, "strength") and the few neighbours the widgets need. Text on any fill keeps
// at least 5.4:1, the flag mark 4:1 (tests/ui/tst_texts.cpp).
struct Colours {
    bool dark = false;
    QColor background;  // behind the response's text
    QColor text;
    QColor orange;    // full: more likely once the judgment is known
    QColor blue;      // full: less likely
    QColor flagMark;  // underline of a flagged token
    QColor dimText;   // both probabilities tiny; secondary text
    QColor window;    // behind the panels
    QColor border;
    QColor accent;  // buttons that lead on, selection, focus
    QColor accentText;
    QColor good;
    QColor warning;
    QColor problem;
    QColor soft;  // chips, hovered rows
};

const Colours& lightColours();
const Colours& darkColours();
const Colours& coloursFor(const QPalette& palette);

QPalette paletteFor(const Colours& colours);

// Fusion, palette and style sheet for the whole program. System: dark when the desktop says so, else light.
void applyTheme(QApplication& app, ThemeChoice choice);

// Colour `from` mixed with `to` by share 0 … 1, in sRGB.
QColor mixed(const QColor& from, const QColor& to, double share);

// WCAG 2 contrast ratio of two opaque colours, 1 … 21.
double contrastRatio(const QColor& a, const QColor& b);

}  // namespace stet::ui
