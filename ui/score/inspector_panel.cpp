#include "ui/score/inspector_panel.h"

#include "ui/common/number_text.h"
#include "ui/common/parts.h"
#include "ui/score/ratio_histogram.h"
#include "ui/score/token_card.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <vector>

namespace stet::ui {

namespace {

constexpr std::array kRates = {0.001, 0.002, 0.005, 0.01, 0.02, 0.05};

QString contrastWords(stet::Contrast contrast)
{
    switch (contrast) {
    case stet::Contrast::D1:
        return InspectorPanel::tr("judged / plain");
    case stet::Contrast::D2:
        return InspectorPanel::tr("judged / praised");
    case stet::Contrast::D3:
        return InspectorPanel::tr("judged / plain, odds");
    case stet::Contrast::D4:
        return InspectorPanel::tr("corrected / plain");
    case stet::Contrast::D5:
        return InspectorPanel::tr("judged / other judgments");
    case stet::Contrast::D6:
        return InspectorPanel::tr("judged / plain and praised, words");
    }
    return {};
}

}  // namespace

InspectorPanel::InspectorPanel(QWidget* parent)
    : QWidget(parent)
    , m_histogram(new RatioHistogram(this))
    , m_count(plainLabel(this, "heading"))
    , m_lambdaName(plainLabel(this, "dim"))
    , m_lambda(new QDoubleSpinBox(this))
    , m_rateName(plainLabel(this, "dim"))
    , m_rate(new QComboBox(this))
    , m_contrastName(plainLabel(this, "dim"))
    , m_contrast(plainLabel(this))
    , m_cannot(new QCheckBox(this))
    , m_problem(wrappedLabel(this, "warning"))
    , m_card(new TokenCard)
{
    m_lambda->setRange(RatioHistogram::kMinLambda, RatioHistogram::kMaxLambda);
    m_lambda->setDecimals(2);
    m_lambda->setMaximumWidth(130);
    m_lambda->setSingleStep(0.05);
    m_lambda->setKeyboardTracking(false);
    m_count->setWordWrap(true);
    m_contrast->setWordWrap(true);
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(10);
    grid->addWidget(m_lambdaName, 0, 0);
    grid->addWidget(m_lambda, 0, 1);
    grid->addWidget(m_rateName, 1, 0);
    grid->addWidget(m_rate, 1, 1);
    grid->addWidget(m_contrastName, 2, 0);
    grid->addWidget(m_contrast, 2, 1);
    grid->setColumnStretch(1, 1);
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(m_card);
    m_card->setAutoFillBackground(false);
    scroll->viewport()->setAutoFillBackground(false);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 10, 12, 10);
    layout->setSpacing(8);
    layout->addWidget(m_histogram);
    layout->addWidget(m_count);
    layout->addWidget(m_problem);
    layout->addLayout(grid);
    layout->addWidget(m_cannot);
    auto* line = new QFrame(this);
    line->setFrameShape(QFrame::HLine);
    line->setForegroundRole(QPalette::Mid);
    layout->addWidget(line);
    layout->addWidget(scroll, 1);
    m_problem->hide();
    retranslate();
    connect(m_histogram, &RatioHistogram::lambdaChanged, this, [this](double value) {
        const QSignalBlocker blocker(m_lambda);
        m_lambda->setValue(value);
        Q_EMIT lambdaChanged(value);
    });
    connect(m_histogram, &RatioHistogram::lambdaCommitted, this, &InspectorPanel::lambdaCommitted);
    connect(m_lambda, &QDoubleSpinBox::valueChanged, this, [this](double value) {
        m_histogram->setLambda(value);
        Q_EMIT lambdaChanged(value);
        Q_EMIT lambdaCommitted(value);
    });
    connect(m_rate, &QComboBox::activated, this,
            [this] { Q_EMIT falseAlarmRateChosen(m_rate->currentData().toDouble()); });
    connect(m_cannot, &QCheckBox::toggled, this, &InspectorPanel::cannotBeFlaggedToggled);
}

void InspectorPanel::retranslate()
{
    setAccessibleName(tr("Inspector"));
    m_lambdaName->setText(tr("threshold λ"));
    m_lambda->setAccessibleName(tr("Threshold λ"));
    m_rateName->setText(tr("false alarms"));
    m_rate->setAccessibleName(tr("Rate of false alarms"));
    showThreshold();
    m_contrastName->setText(tr("contrast"));
    m_contrast->setText(contrastWords(stet::Contrast::D1));
    m_cannot->setText(tr("Show what can't be flagged"));
}

double InspectorPanel::lambda() const
{
    return m_histogram->lambda();
}

void InspectorPanel::setLambda(double lambda)
{
    m_histogram->setLambda(lambda);
    const QSignalBlocker blocker(m_lambda);
    m_lambda->setValue(lambda);
}

void InspectorPanel::setThreshold(const annotate::Threshold& threshold)
{
    m_threshold = threshold;
    showThreshold();
}

// A rate that scripts chose is offered beside ours.
void InspectorPanel::showThreshold()
{
    const double chosen = m_threshold.falseAlarmRate.value_or(0);
    const QSignalBlocker blocker(m_rate);
    m_rate->clear();
    m_rate->addItem(tr("λ by hand"), 0.0);
    std::vector<double> rates(kRates.begin(), kRates.end());
    if (chosen > 0 && std::find(rates.begin(), rates.end(), chosen) == rates.end()) {
        rates.insert(std::upper_bound(rates.begin(), rates.end(), chosen), chosen);
    }
    for (const double rate : rates) {
        m_rate->addItem(percentText(rate), rate);
        if (rate == chosen) {
            m_rate->setCurrentIndex(m_rate->count() - 1);
        }
    }
    const bool shown = m_threshold.rateIsOffered || chosen > 0;
    m_rate->setEnabled(m_threshold.rateIsOffered);
    m_rate->setVisible(shown);
    m_rateName->setVisible(shown);
    m_rate->setToolTip(chosen == 0 ? tr("λ as it was set by hand.")
                           : m_threshold.judgments == 0
                           ? tr("λ is made from the judgments, once there are some: so large that at most this share "
                                "of the tokens lights "
                                "up under another response's judgment and not under the own one.")
                           : tr("λ is made from %n judgment(s): so large that at most this share of the tokens lights "
                                "up under another "
                                "response's judgment and not under the own one.",
                                nullptr, m_threshold.judgments));
}

void InspectorPanel::setProblem(const QString& sentence)
{
    setOrHide(m_problem, sentence);
}

QString InspectorPanel::countText() const
{
    return m_count->text();
}

void InspectorPanel::setCount(const HeatMapModel& model)
{
    if (!model.scored()) {
        m_count->setText(tr("Not scored yet"));
        setTone(m_count, "dim");
        return;
    }
    QString text = tr("%1 of %n token(s) flagged", nullptr, model.tokenCount()).arg(model.flaggedCount());
    if (model.penalisedCount() != model.flaggedCount()) {
        text += QStringLiteral("\n") + tr("%1 with your marks").arg(model.penalisedCount());
    }
    if (model.pushedCount() != model.penalisedCount()) {
        text += QStringLiteral("\n") + tr("%1 pushed down: the first word of each run").arg(model.pushedCount());
    }
    m_count->setText(text);
    setTone(m_count, "heading");
}

void InspectorPanel::showModel(const HeatMapModel& model)
{
    setCount(model);
    m_histogram->setStale(model.stale());
    if (model.scores()) {
        m_histogram->setContrast(model.scores()->contrast);
        m_histogram->setRatios(model.scores()->logRatio);
        m_contrast->setText(contrastWords(model.scores()->contrast));
    } else {
        m_histogram->setRatios({});
    }
}

void InspectorPanel::showCell(const HeatMapModel& model, int cell, const QString& text)
{
    if (cell < 0 || !model.scores() || cell >= static_cast<int>(model.cells().size())) {
        m_card->clear();
    } else {
        m_card->showCell(*model.scores(), model.cells()[static_cast<std::size_t>(cell)], text);
    }
}

void InspectorPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

}  // namespace stet::ui
