#include "ui/project/side_panels.h"

#include "ui/common/number_text.h"
#include "ui/common/parts.h"

#include <QEvent>
#include <QGridLayout>
#include <QHeaderView>
#include <QLocale>
#include <QPlainTextEdit>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace stet::ui {

ModelPanel::ModelPanel(QWidget* parent) : QWidget(parent), m_grid(new QGridLayout), m_check(lookButton(this))
{
    for (int row = 0; row < 7; ++row) {
        m_names.push_back(plainLabel(this, "dim"));
        m_values.push_back(wrappedLabel(this));
        m_grid->addWidget(m_names.back(), row, 0, Qt::AlignTop);
        m_grid->addWidget(m_values.back(), row, 1);
    }
    m_grid->setHorizontalSpacing(20);
    m_grid->setVerticalSpacing(8);
    m_grid->setColumnStretch(1, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 14, 14, 14);
    layout->addLayout(m_grid);
    layout->addSpacing(12);
    layout->addWidget(m_check, 0, Qt::AlignLeft);
    layout->addStretch(1);
    retranslate();
    connect(m_check, &QPushButton::clicked, this, &ModelPanel::checkRequested);
}

void ModelPanel::setModel(const ModelCard& model)
{
    m_model = model;
    retranslate();
}

void ModelPanel::retranslate()
{
    const std::pair<QString, QString> rows[] = {
        {tr("Model path"), m_model.folder}, {tr("Model"), m_model.architecture},
        {tr("Round"), m_model.round},       {tr("Longest text"), m_model.context},
        {tr("Device"), m_model.device},     {tr("Why this device"), m_model.deviceReason},
        {tr("Memory"), m_model.memory},
    };
    for (std::size_t i = 0; i < m_names.size(); ++i) {
        m_names[i]->setText(rows[i].first);
        m_names[i]->setVisible(!rows[i].second.isEmpty());
        m_values[i]->setAccessibleName(rows[i].first);
        setOrHide(m_values[i], rows[i].second);
    }
    m_check->setText(tr("Check the project's files"));
}

void ModelPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

GuidelinesEditor::GuidelinesEditor(QWidget* parent)
    : QWidget(parent), m_lead(plainLabel(this, "dim")), m_edit(new QPlainTextEdit(this))
{
    m_lead->setWordWrap(true);
    m_edit->setTabChangesFocus(true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 14, 14, 14);
    layout->setSpacing(10);
    layout->addWidget(m_lead);
    layout->addWidget(m_edit, 1);
    retranslate();
    connect(m_edit, &QPlainTextEdit::textChanged, this, [this] {
        if (!m_setting) {
            Q_EMIT edited(m_edit->toPlainText());
        }
    });
}

void GuidelinesEditor::setText(const QString& text)
{
    if (text != m_edit->toPlainText()) {
        m_setting = true;
        m_edit->setPlainText(text);
        m_setting = false;
    }
}

void GuidelinesEditor::retranslate()
{
    m_lead->setText(tr("What you agree to look for. Shown beside every response when it is wanted; plain text."));
    m_edit->setAccessibleName(tr("Guidelines"));
    m_edit->setPlaceholderText(
        tr("For example: a response starts with the answer, names every fact once, and invents nothing."));
}

void GuidelinesEditor::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

BackupsPanel::BackupsPanel(QWidget* parent)
    : QWidget(parent), m_lead(plainLabel(this, "dim")), m_now(lookButton(this)), m_table(new QTableWidget(0, 3, this))
{
    m_lead->setWordWrap(true);
    makeReadOnlyTable(m_table);
    m_table->setSelectionMode(QAbstractItemView::NoSelection);
    m_table->setAlternatingRowColors(true);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 16);
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_table->horizontalHeader()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(2, QHeaderView::Fixed);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 14, 14, 14);
    layout->setSpacing(10);
    layout->addWidget(m_lead);
    layout->addWidget(m_now, 0, Qt::AlignLeft);
    layout->addWidget(m_table, 1);
    retranslate();
    connect(m_now, &QPushButton::clicked, this, &BackupsPanel::backupNowRequested);
}

void BackupsPanel::setBackups(const std::vector<BackupEntry>& backups)
{
    m_backups = backups;
    retranslate();
}

void BackupsPanel::retranslate()
{
    m_lead->setText(
        tr("Made when the project is opened and every 30 minutes. Restoring first backs up what is there now."));
    m_now->setText(tr("Back up now"));
    m_table->setAccessibleName(tr("Backups"));
    m_table->setHorizontalHeaderLabels({tr("When"), tr("Size"), QString()});
    m_table->setRowCount(static_cast<int>(m_backups.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const BackupEntry& backup = m_backups[static_cast<std::size_t>(row)];
        m_table->setItem(row, 0, new QTableWidgetItem(QLocale().toString(backup.when, QLocale::ShortFormat)));
        m_table->setItem(row, 1, new QTableWidgetItem(bytesText(static_cast<double>(backup.bytes))));
        QPushButton* restore = lookButton(m_table, "link");
        restore->setText(tr("Restore"));
        restore->setAccessibleName(tr("Restore the backup of %1").arg(m_table->item(row, 0)->text()));
        connect(restore, &QPushButton::clicked, this, [this, path = backup.path] { Q_EMIT restoreRequested(path); });
        m_table->setCellWidget(row, 2, restore);
        restore->ensurePolished();
        m_table->setRowHeight(row, std::max(m_table->rowHeight(row), restore->minimumSizeHint().height() + 4));
        m_table->horizontalHeader()->resizeSection(2, restore->sizeHint().width() + 24);
    }
}

void BackupsPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

}  // namespace stet::ui
