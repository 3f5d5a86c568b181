#include "ui/round/plan_panel.h"

#include "base/presets.h"
#include "ui/common/key_map.h"
#include "ui/common/number_text.h"
#include "ui/common/parts.h"
#include "ui/round/settings_panel.h"
#include "ui/score/token_card.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

namespace stet::ui {

QString presetName(const QString& preset)
{
    if (preset == QLatin1String("stable")) {
        return RoundPlanPanel::tr("Steady (recommended)");
    }
    if (preset == QLatin1String("cut-code")) {
        return RoundPlanPanel::tr("CUT, released code");
    }
    if (preset == QLatin1String("cut-paper")) {
        return RoundPlanPanel::tr("CUT, article");
    }
    return preset == QLatin1String("ftpo") ? RoundPlanPanel::tr("First words, hold the rest (real models)") : preset;
}

RoundPlanPanel::RoundPlanPanel(QWidget* parent)
    : QFrame(parent)
    , m_title(plainLabel(this, "heading"))
    , m_line(wrappedLabel(this))
    , m_cost(plainLabel(this, "dim"))
    , m_obstacle(wrappedLabel(this, "warning"))
    , m_more(new QToolButton(this))
    , m_details(wrappedLabel(this, "dim"))
    , m_openSettings(new QToolButton(this))
    , m_settings(new RoundSettingsPanel(this))
    , m_presetName(plainLabel(this, "dim"))
    , m_preset(new QComboBox(this))
    , m_start(lookButton(this, "primary"))
{
    setLook(this, "card");
    for (const char* preset : kPresets) {
        m_preset->addItem(QString(), QString::fromLatin1(preset));
    }
    for (QToolButton* toggle : {m_more, m_openSettings}) {
        toggle->setCheckable(true);
        toggle->setToolButtonStyle(Qt::ToolButtonTextOnly);
    }
    auto* texts = new QVBoxLayout;
    texts->setSpacing(5);
    texts->addWidget(m_title);
    texts->addWidget(m_line);
    texts->addWidget(m_obstacle);
    auto* row = new QHBoxLayout;
    row->addWidget(m_cost);
    row->addWidget(m_more);
    row->addWidget(m_openSettings);
    row->addStretch(1);
    texts->addLayout(row);
    texts->addWidget(m_details);
    texts->addWidget(m_settings);
    texts->addStretch(1);
    auto* side = new QVBoxLayout;
    side->setSpacing(8);
    side->addWidget(m_start);
    auto* presetRow = new QHBoxLayout;
    presetRow->addWidget(m_presetName);
    presetRow->addWidget(m_preset, 1);
    side->addLayout(presetRow);
    side->addStretch(1);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(14, 12, 14, 12);
    layout->setSpacing(20);
    layout->addLayout(texts, 1);
    layout->addLayout(side);
    m_details->hide();
    m_settings->hide();
    retranslate();
    connect(m_start, &QPushButton::clicked, this, &RoundPlanPanel::startPressed);
    connect(m_preset, &QComboBox::activated, this, [this] { Q_EMIT presetChanged(preset()); });
    connect(m_more, &QToolButton::toggled, this, &RoundPlanPanel::refresh);
    connect(m_openSettings, &QToolButton::toggled, this, &RoundPlanPanel::refresh);
}

QString RoundPlanPanel::preset() const
{
    return m_preset->currentData().toString();
}

void RoundPlanPanel::setPreset(const QString& preset)
{
    const QSignalBlocker blocker(m_preset);
    m_preset->setCurrentIndex(std::max(0, m_preset->findData(preset)));
}

void RoundPlanPanel::setPlan(const std::optional<annotate::RoundPlan>& plan, const QString& obstacle)
{
    m_plan = plan;
    m_obstacleText = obstacle;
    refresh();
}

void RoundPlanPanel::setRunning(bool running)
{
    m_running = running;
    refresh();
}

bool RoundPlanPanel::canStart() const
{
    return m_plan && m_obstacleText.isEmpty() && !m_running;
}

QString RoundPlanPanel::planText() const
{
    return m_line->text();
}

QString RoundPlanPanel::detailsText() const
{
    return m_details->text();
}

QString RoundPlanPanel::planLine() const
{
    QStringList parts{tr("%n criticised", nullptr, m_plan->criticised)};
    parts.back() += QStringLiteral(", ") + tr("%1 of %2 accepted").arg(m_plan->accepted).arg(m_plan->acceptedTotal);
    if (m_plan->flags) {
        parts << tr("%n token(s) pushed down", nullptr, m_plan->flags->tokens);
        if (!m_plan->flags->lightsNothing.empty()) {
            parts << tr("%n judgment(s) light up nothing", nullptr,
                        static_cast<int>(m_plan->flags->lightsNothing.size()));
        }
        if (!m_plan->flags->lightsAll.empty()) {
            parts << tr("%n judgment(s) light up nearly everything", nullptr,
                        static_cast<int>(m_plan->flags->lightsAll.size()));
        }
        if (!m_plan->flags->lightsAsOthers.empty()) {
            parts << tr("%n judgment(s) light up no more than others would", nullptr,
                        static_cast<int>(m_plan->flags->lightsAsOthers.size()));
        }
    }
    return parts.join(QStringLiteral(" · "));
}

QStringList RoundPlanPanel::details() const
{
    constexpr std::size_t kMostNamed = 12;
    QStringList lines;
    const auto name = [&](const std::vector<std::string>& instructions, const QString& what) {
        for (std::size_t i = 0; i < std::min(instructions.size(), kMostNamed); ++i) {
            lines << QStringLiteral("– ") + what.arg(QString::fromStdString(instructions[i]).simplified());
        }
        if (instructions.size() > kMostNamed) {
            lines << QStringLiteral("– ") +
                    tr("… and %n more", nullptr, static_cast<int>(instructions.size() - kMostNamed));
        }
    };
    if (m_plan->flags) {
        QStringList frequent;
        for (const auto& token : m_plan->flags->frequent) {
            frequent
                << QStringLiteral("“%1” ×%2").arg(visibleToken(QString::fromStdString(token.text))).arg(token.count);
        }
        if (!frequent.isEmpty()) {
            lines << tr("Pushed down most often: %1").arg(frequent.join(QStringLiteral(", ")));
        }
        if (m_plan->flags->ownShare) {
            lines << tr("%1 of it is these judgments' own; the rest lights up under somebody else's, too")
                         .arg(percentText(*m_plan->flags->ownShare));
        }
        name(m_plan->flags->lightsNothing, tr("“%1”: its judgment lights up nothing"));
        name(m_plan->flags->lightsAll, tr("“%1”: its judgment lights up nearly everything"));
        name(m_plan->flags->lightsAsOthers, tr("“%1”: its judgment lights up no more than somebody else's would"));
    }
    for (const std::string& reason : m_plan->leftOut) {
        lines << QStringLiteral("– ") + QString::fromStdString(reason);
    }
    return lines;
}

void RoundPlanPanel::refresh()
{
    m_line->setText(m_plan ? planLine() : (m_obstacleText.isEmpty() ? tr("Counting …") : QString()));
    m_line->setVisible(!m_line->text().isEmpty());
    setOrHide(m_obstacle, m_obstacleText);
    m_cost->setVisible(m_plan.has_value());
    if (m_plan) {
        m_cost->setText(tr("%n step(s)", nullptr, m_plan->steps) + QStringLiteral(" · ") +
                        aboutDurationText(m_plan->minutes) + QStringLiteral(" · ") + gigabytesText(m_plan->gigabytes));
    }
    const QStringList lines = m_plan ? details() : QStringList();
    m_details->setText(lines.join(QLatin1Char('\n')));
    m_details->setVisible(m_more->isChecked() && !lines.isEmpty());
    m_more->setVisible(!lines.isEmpty());
    m_more->setText(m_more->isChecked() ? tr("Details ▾") : tr("Details ▸"));
    m_settings->setVisible(m_openSettings->isChecked());
    m_openSettings->setText(m_openSettings->isChecked() ? tr("Change settings ▾") : tr("Change settings ▸"));
    if (m_plan && !m_plan->settings.empty()) {
        m_settings->setUsed(m_plan->settings);
    }
    m_start->setEnabled(canStart());
}

void RoundPlanPanel::retranslate()
{
    setAccessibleName(tr("What will train"));
    m_title->setText(tr("What will train"));
    m_presetName->setText(tr("Settings"));
    m_preset->setAccessibleName(tr("Settings of the round"));
    for (int i = 0; i < m_preset->count(); ++i) {
        m_preset->setItemText(i, presetName(m_preset->itemData(i).toString()));
    }
    m_more->setAccessibleName(tr("Details"));
    m_openSettings->setAccessibleName(tr("Change settings"));
    m_start->setText(tr("Start a round") + QStringLiteral("   ") + keyText(KeyAction::StartRound));
    m_start->setAccessibleName(tr("Start a round"));
    refresh();
}

void RoundPlanPanel::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

}  // namespace stet::ui
