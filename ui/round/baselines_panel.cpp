#include "ui/round/baselines_panel.h"

#include "ui/common/flow_layout.h"
#include "ui/common/parts.h"

#include <QCheckBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QProgressBar>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace stet::ui {

namespace {

constexpr int kColumns = 8;
constexpr int kWholeBar = 1000;

}  // namespace

BaselinesPanel::BaselinesPanel(QWidget* parent)
    : QFrame(parent)
    , m_title(plainLabel(this, "heading"))
    , m_close(new QToolButton(this))
    , m_about(wrappedLabel(this, "dim"))
    , m_boxRow(new QWidget(this))
    , m_reasons(wrappedLabel(this, "dim"))
    , m_start(lookButton(this, "primary"))
    , m_anew(lookButton(this))
    , m_stop(lookButton(this))
    , m_status(plainLabel(this))
    , m_bar(new QProgressBar(this))
    , m_remark(wrappedLabel(this, "dim"))
    , m_problem(wrappedLabel(this, "problem"))
    , m_table(new QTableWidget(0, kColumns, this))
{
    build();
    retranslate();
    connect(m_close, &QToolButton::clicked, this, &QWidget::hide);
    connect(m_start, &QPushButton::clicked, this, [this] { Q_EMIT startRequested(chosen(), false); });
    connect(m_anew, &QPushButton::clicked, this, [this] { Q_EMIT startRequested(chosen(), true); });
    connect(m_stop, &QPushButton::clicked, this, &BaselinesPanel::stopRequested);
}

void BaselinesPanel::build()
{
    setLook(this, "card");
    m_close->setText(QStringLiteral("×"));
    new FlowLayout(m_boxRow, 10);
    m_bar->setRange(0, kWholeBar);
    m_bar->setTextVisible(false);
    makeReadOnlyTable(m_table);
    m_table->setSelectionMode(QAbstractItemView::NoSelection);
    m_table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_table->horizontalHeader()->setHighlightSections(false);
    auto* head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(m_close);
    auto* buttons = new QHBoxLayout;
    for (QPushButton* button : {m_start, m_stop, m_anew}) {
        buttons->addWidget(button);
    }
    buttons->addWidget(m_status);
    buttons->addWidget(m_bar, 1);
    buttons->addStretch(0);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 10, 14, 12);
    layout->setSpacing(8);
    layout->addLayout(head);
    layout->addWidget(m_about);
    layout->addWidget(m_boxRow);
    layout->addWidget(m_reasons);
    layout->addLayout(buttons);
    for (QLabel* label : {m_problem, m_remark}) {
        layout->addWidget(label);
        label->hide();
    }
    layout->addWidget(m_table);
}

void BaselinesPanel::open()
{
    show();
    Q_EMIT opened();
    m_start->setFocus();
}

void BaselinesPanel::clear()
{
    hide();
    setChoices({});
    setResults({});
    setRemark({});
    setProblem({});
    setRunning({}, 0);
}

void BaselinesPanel::setChoices(const std::vector<BaselineChoice>& choices)
{
    m_choices = choices;
    for (QCheckBox* box : m_boxes) {
        delete box;
    }
    m_boxes.clear();
    for (const BaselineChoice& choice : choices) {
        auto* box = new QCheckBox(choice.objective, m_boxRow);
        box->setChecked(choice.chosen && choice.impossible.isEmpty());
        box->setToolTip(choice.impossible);
        box->setAccessibleDescription(choice.impossible);
        m_boxRow->layout()->addWidget(box);
        m_boxes.push_back(box);
        connect(box, &QCheckBox::toggled, this, &BaselinesPanel::refresh);
    }
    refresh();
}

QStringList BaselinesPanel::chosen() const
{
    QStringList names;
    for (std::size_t i = 0; i < m_boxes.size(); ++i) {
        if (m_boxes[i]->isChecked()) {
            names << m_choices[i].objective;
        }
    }
    return names;
}

void BaselinesPanel::setResults(const std::vector<BaselineResult>& results)
{
    m_results = results;
    fillTable();
    refresh();
}

void BaselinesPanel::fillTable()
{
    m_table->setVisible(!m_results.empty());
    m_table->setRowCount(static_cast<int>(m_results.size()));
    int height = m_table->horizontalHeader()->sizeHint().height() + 2 * m_table->frameWidth() + 2;
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const BaselineResult& result = m_results[static_cast<std::size_t>(row)];
        for (int column = 0; column < kColumns; ++column) {
            auto* item = new QTableWidgetItem(column == 0 ? result.objective : result.cells.value(column - 1));
            item->setFlags(Qt::ItemIsEnabled);
            if (column > 0) {
                item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            }
            m_table->setItem(row, column, item);
        }
        m_table->setRowHeight(row, fontMetrics().height() + 10);
        height += m_table->rowHeight(row);
    }
    m_table->setFixedHeight(height);
}

void BaselinesPanel::setRemark(const QString& sentence)
{
    setOrHide(m_remark, sentence);
}

void BaselinesPanel::setProblem(const QString& sentence)
{
    setOrHide(m_problem, sentence);
}

void BaselinesPanel::setRunning(const QString& what, double share)
{
    const bool running = !what.isEmpty();
    m_status->setText(what);
    m_bar->setValue(static_cast<int>(share * kWholeBar));
    if (running != m_running) {
        m_running = running;
        Q_EMIT runningChanged(running);
    }
    refresh();
}

void BaselinesPanel::setHeld(bool held)
{
    m_held = held;
    refresh();
}

void BaselinesPanel::refresh()
{
    QStringList reasons;
    for (std::size_t i = 0; i < m_boxes.size(); ++i) {
        const BaselineChoice& choice = m_choices[i];
        const bool cut = i == 0;  // the others take as many steps as it does
        m_boxes[i]->setEnabled(!m_running && !cut && choice.impossible.isEmpty());
        if (!choice.impossible.isEmpty()) {
            reasons << tr("%1 is impossible here. %2").arg(choice.objective, choice.impossible);
        } else if (!choice.failed.isEmpty()) {
            reasons << tr("%1 failed: %2").arg(choice.objective, choice.failed);
        }
    }
    setOrHide(m_reasons, reasons.join(QLatin1Char('\n')));
    const bool startable = !m_running && !m_held && !chosen().isEmpty();
    m_start->setEnabled(startable);
    m_start->setVisible(!m_running);
    m_start->setToolTip(m_held ? tr("A round is being trained; wait for its end.") : QString());
    m_anew->setVisible(!m_running && !m_results.empty());
    m_anew->setEnabled(startable);
    m_stop->setVisible(m_running);
    m_status->setVisible(m_running);
    m_bar->setVisible(m_running);
}

void BaselinesPanel::retranslate()
{
    m_title->setText(tr("Other objectives beside CUT"));
    setAccessibleName(m_title->text());
    m_close->setAccessibleName(tr("Close"));
    m_about->setText(
        tr("The same judgments, the same start and as many steps, toward other goals; each is compared on the held-out "
           "instructions. They are kept apart from the rounds and never become the project's model."));
    m_start->setText(tr("Train and compare"));
    m_anew->setText(tr("All of them anew"));
    m_stop->setText(tr("Stop"));
    m_bar->setAccessibleName(tr("How far the objective is"));
    m_table->setAccessibleName(tr("What came of each objective"));
    m_table->setHorizontalHeaderLabels({tr("Objective"), tr("Steps"), tr("Time"), tr("Criticised words"),
                                        tr("Accepted responses"), tr("Moved (KL)"), tr("Responses changed"),
                                        tr("Tokens")});
    m_table->horizontalHeaderItem(0)->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeaderItem(3)->setToolTip(tr("Mean log-probability of a flagged token, before and after"));
    m_table->horizontalHeaderItem(4)->setToolTip(tr("Mean log-probability of a token, before and after"));
    fillTable();
    refresh();
}

void BaselinesPanel::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

}  // namespace stet::ui
