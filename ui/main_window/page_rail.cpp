#include "ui/main_window/page_rail.h"

#include "ui/common/icons.h"
#include "ui/common/key_map.h"
#include "ui/common/number_text.h"
#include "ui/common/parts.h"

#include <QEvent>
#include <QProgressBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace stet::ui {

namespace {

constexpr const char* kIcons[] = {"annotate", "rounds", "compare", "project"};
constexpr KeyAction kKeys[] = {KeyAction::PageAnnotate, KeyAction::PageRounds, KeyAction::PageCompare,
                               KeyAction::PageProject};

constexpr int kRoundMargin = 10;  // of the rail and of the button's own

// A button breaks no lines by itself: between words, and inside one that is wider than the line (Chinese has no
// blanks).
QStringList wrapped(const QString& text, const QFontMetrics& metrics, int width)
{
    QStringList lines{QString()};
    for (const QString& word : text.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        const QString longer = lines.back().isEmpty() ? word : lines.back() + QLatin1Char(' ') + word;
        if (metrics.horizontalAdvance(longer) <= width) {
            lines.back() = longer;
            continue;
        }
        if (!lines.back().isEmpty()) {
            lines += QString();
        }
        for (const QChar letter : word) {
            if (!lines.back().isEmpty() && metrics.horizontalAdvance(lines.back() + letter) > width) {
                lines += QString();
            }
            lines.back() += letter;
        }
    }
    return lines;
}

}  // namespace

PageRail::PageRail(QWidget* parent) : QWidget(parent), m_round(new QToolButton(this)), m_bar(new QProgressBar(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 8, 6, 8);
    layout->setSpacing(4);
    for (int i = 0; i < 4; ++i) {
        auto* button = new QToolButton(this);
        button->setCheckable(true);
        button->setAutoExclusive(true);
        button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
        button->setIconSize(QSize(24, 24));
        button->setFocusPolicy(Qt::TabFocus);
        button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        button->setMinimumHeight(58);
        setLook(button, "rail");
        layout->addWidget(button);
        m_buttons.push_back(button);
        connect(button, &QToolButton::clicked, this, [this, i] { Q_EMIT pagePressed(static_cast<Page>(i)); });
    }
    layout->addStretch(1);
    m_round->setFocusPolicy(Qt::TabFocus);
    m_round->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    setLook(m_round, "railRound");
    m_bar->setTextVisible(false);
    layout->addWidget(m_round);
    layout->addWidget(m_bar);
    setFixedWidth(std::max(96, fontMetrics().averageCharWidth() * 12 + 2 * kRoundMargin));
    setRoundBar(std::nullopt);
    retranslate();
    connect(m_round, &QToolButton::clicked, this, &PageRail::roundBarPressed);
}

void PageRail::retranslate()
{
    setAccessibleName(tr("Pages"));
    const QString names[] = {tr("Annotate"), tr("Rounds"), tr("Compare"), tr("Project")};
    for (std::size_t i = 0; i < m_buttons.size(); ++i) {
        m_buttons[i]->setText(names[i]);
        m_buttons[i]->setAccessibleName(names[i]);
        m_buttons[i]->setToolTip(QStringLiteral("%1 (%2)").arg(names[i], keyText(kKeys[i])));
    }
    setRoundBar(m_roundBar);
    showIcons();
}

void PageRail::showIcons()
{
    for (std::size_t i = 0; i < m_buttons.size(); ++i) {
        const Colours& colours = coloursFor(palette());
        m_buttons[i]->setIcon(
            icon(QString::fromLatin1(kIcons[i]), m_buttons[i]->isChecked() ? colours.accent : colours.dimText));
    }
}

void PageRail::setPage(Page page)
{
    m_buttons[static_cast<std::size_t>(page)]->setChecked(true);
    showIcons();
}

QString PageRail::roundText() const
{
    return m_round->text();
}

void PageRail::setRoundBar(const std::optional<RoundBar>& bar)
{
    m_roundBar = bar;
    m_round->setVisible(bar.has_value());
    m_bar->setVisible(bar.has_value());
    if (!bar) {
        return;
    }
    const QString left = bar->paused ? tr("paused") : durationText(bar->secondsLeft);
    QStringList lines{tr("Round %1").arg(bar->round)};
    if (!bar->training || bar->total == 0) {
        lines += wrapped(bar->phase, m_round->fontMetrics(), width() - 2 * kRoundMargin);
    }
    if (bar->total > 0) {
        lines += QStringLiteral("%1/%2").arg(bar->done).arg(bar->total);
    }
    if (!left.isEmpty()) {
        lines += left;
    }
    m_round->setText(lines.join(QLatin1Char('\n')));
    m_round->setAccessibleName(tr("Round %1: %2").arg(bar->round).arg(bar->phase));
    m_round->setToolTip(m_round->accessibleName());
    m_bar->setRange(0, bar->total);
    m_bar->setValue(bar->done);
    m_bar->setAccessibleName(m_round->accessibleName());
}

void PageRail::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    } else if (event->type() == QEvent::PaletteChange) {
        showIcons();
    }
}

}  // namespace stet::ui
