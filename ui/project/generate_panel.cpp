#include "ui/project/generate_panel.h"

#include "ui/common/number_text.h"
#include "ui/common/parts.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QProgressBar>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

namespace stet::ui {

namespace {

constexpr int kUsual = 50;  // instructions a round
constexpr double kSampled = 0.7;

QSpinBox* spin(QWidget* parent, int least, int most, int value)
{
    auto* box = new QSpinBox(parent);
    box->setRange(least, most);
    box->setValue(value);
    return box;
}

}  // namespace

GeneratePanel::GeneratePanel(QWidget* parent)
    : QFrame(parent)
    , m_title(plainLabel(this, "heading"))
    , m_count(spin(this, 1, 1000000, kUsual))
    , m_countName(plainLabel(this))
    , m_round(new QComboBox(this))
    , m_roundName(plainLabel(this))
    , m_samples(spin(this, 1, 16, 1))
    , m_samplesName(plainLabel(this))
    , m_temperature(new QDoubleSpinBox(this))
    , m_temperatureName(plainLabel(this))
    , m_length(spin(this, 1, 1 << 20, 256))
    , m_lengthName(plainLabel(this))
    , m_start(lookButton(this, "primary"))
    , m_stop(lookButton(this))
    , m_bar(new QProgressBar(this))
    , m_status(plainLabel(this))
    , m_growing(plainLabel(this, "dim"))
    , m_problem(wrappedLabel(this, "problem"))
{
    setLook(this, "card");
    m_temperature->setRange(0, 10);
    m_temperature->setSingleStep(0.1);
    m_temperature->setDecimals(2);
    m_bar->setTextVisible(false);
    for (QPushButton* button : {m_start, m_stop}) {
        button->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    }
    m_growing->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    auto* fields = new QHBoxLayout;
    fields->setSpacing(6);
    const std::pair<QLabel*, QWidget*> named[] = {{m_countName, m_count},
                                                  {m_roundName, m_round},
                                                  {m_samplesName, m_samples},
                                                  {m_temperatureName, m_temperature},
                                                  {m_lengthName, m_length}};
    for (const auto& [name, field] : named) {
        name->setBuddy(field);
        fields->addWidget(name);
        fields->addWidget(field);
        fields->addSpacing(8);
    }
    fields->addStretch(1);
    auto* running = new QHBoxLayout;
    running->addWidget(m_start);
    running->addWidget(m_stop);
    running->addWidget(m_status);
    running->addWidget(m_bar, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 10, 14, 10);
    layout->setSpacing(8);
    layout->addWidget(m_title);
    layout->addLayout(fields);
    layout->addLayout(running);
    layout->addWidget(m_growing);
    layout->addWidget(m_problem);
    m_problem->hide();
    setRounds({}, 0);
    retranslate();
    connect(m_start, &QPushButton::clicked, this, [this] { Q_EMIT generateRequested(choice()); });
    connect(m_stop, &QPushButton::clicked, this, &GeneratePanel::stopRequested);
    connect(m_count, &QSpinBox::valueChanged, this, &GeneratePanel::refresh);
    // Greedy responses to an instruction are all the same.
    connect(m_samples, &QSpinBox::valueChanged, this, [this](int samples) {
        if (samples > 1 && m_temperature->value() == 0) {
            m_temperature->setValue(kSampled);
        }
        refresh();
    });
    connect(m_temperature, &QDoubleSpinBox::valueChanged, this, [this](double temperature) {
        if (temperature == 0) {
            m_samples->setValue(1);
        }
    });
}

void GeneratePanel::retranslate()
{
    setAccessibleName(tr("Let the model answer"));
    m_title->setText(tr("Let the model answer"));
    const std::pair<QLabel*, QString> names[] = {{m_countName, tr("Instructions")},
                                                 {m_roundName, tr("by")},
                                                 {m_samplesName, tr("Responses each")},
                                                 {m_temperatureName, tr("Temperature")},
                                                 {m_lengthName, tr("Most tokens")}};
    for (const auto& [label, name] : names) {
        label->setText(name);
        label->buddy()->setAccessibleName(name);
    }
    m_round->setAccessibleName(tr("Whose model answers"));
    m_temperature->setToolTip(tr("0: always the likeliest word. Higher: more varied."));
    m_stop->setText(tr("Stop"));
    m_bar->setAccessibleName(tr("Responses written"));
    setRounds(m_rounds, m_current);
    refresh();
}

void GeneratePanel::setRounds(const std::vector<annotate::RoundRecord>& rounds, int current)
{
    const bool follow = m_round->count() == 0 || m_round->currentData().toInt() == m_current;
    const int chosen = follow ? current : m_round->currentData().toInt();
    m_rounds = rounds;
    m_current = current;
    const QSignalBlocker blocker(m_round);
    m_round->clear();
    m_round->addItem(tr("Base model"), 0);
    for (const auto& round : rounds) {
        if (round.state == annotate::RoundState::Finished) {
            m_round->addItem(round.number == current ? tr("Round %1 (adopted)").arg(round.number)
                                                     : tr("Round %1").arg(round.number),
                             round.number);
        }
    }
    m_round->setCurrentIndex(std::max(0, m_round->findData(chosen)));
}

void GeneratePanel::setFresh(int instructions)
{
    m_freshCount = instructions;
    refresh();
}

void GeneratePanel::setMaxNewTokens(int tokens)
{
    m_length->setValue(tokens);
}

void GeneratePanel::setProgress(const std::optional<GenerateProgress>& progress)
{
    m_progress = progress;
    if (!progress) {
        m_growingText.clear();
    }
    refresh();
}

void GeneratePanel::setGrowingText(const QString& text)
{
    m_growingText = text;
    showGrowing();
}

// Its end: that is where it grows.
void GeneratePanel::showGrowing()
{
    m_growing->setVisible(m_progress.has_value());
    m_growing->setText(fontMetrics().elidedText(m_growingText.simplified(), Qt::ElideLeft, m_growing->width()));
}

void GeneratePanel::setProblem(const QString& sentence)
{
    setOrHide(m_problem, sentence);
}

void GeneratePanel::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    refresh();
}

GenerateChoice GeneratePanel::choice() const
{
    return {m_count->value(), m_round->currentData().toInt(), m_samples->value(), m_temperature->value(),
            m_length->value()};
}

void GeneratePanel::refresh()
{
    const bool running = m_progress.has_value();
    const int asked = std::min(m_count->value(), m_freshCount);
    m_start->setVisible(!running);
    m_stop->setVisible(running);
    m_bar->setVisible(running);
    m_start->setEnabled(asked > 0 && !m_readOnly);
    m_start->setText(asked > 0 ? tr("Answer %n instruction(s)", nullptr, asked) : tr("Answer"));
    for (QWidget* field : std::initializer_list<QWidget*>{m_count, m_round, m_samples, m_temperature, m_length}) {
        field->setEnabled(!running && !m_readOnly);
    }
    if (running) {
        m_bar->setRange(0, m_progress->total);
        m_bar->setValue(m_progress->done);
        QString text = tr("%1 of %2 responses").arg(m_progress->done).arg(m_progress->total);
        if (m_progress->secondsLeft >= 0) {
            text += QStringLiteral(" · ") + tr("%1 left").arg(durationText(m_progress->secondsLeft));
        }
        m_status->setText(text);
    } else {
        m_status->setText(m_freshCount == 0 ? tr("Every instruction has a response. Add some that are new.")
                                            : tr("They come into “To do” as they are written."));
    }
    showGrowing();
}

void GeneratePanel::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    showGrowing();
}

void GeneratePanel::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

}  // namespace stet::ui
