#include "ui/project/export_panel.h"

#include "ui/common/parts.h"

#include <QComboBox>
#include <QEvent>
#include <QFileDialog>
#include <QGridLayout>
#include <QProgressBar>
#include <QVBoxLayout>

#include <algorithm>
#include <iterator>

namespace stet::ui {

namespace {

using annotate::QueueFilter;
constexpr QueueFilter kFilters[] = {QueueFilter::All, QueueFilter::Criticised, QueueFilter::Accepted, QueueFilter::Open,
                                    QueueFilter::Bookmarked};

}  // namespace

ExportPanel::ExportPanel(QWidget* parent)
    : QWidget(parent)
    , m_lead(plainLabel(this, "dim"))
    , m_whatName(plainLabel(this))
    , m_what(new QComboBox(this))
    , m_formatName(plainLabel(this))
    , m_format(new QComboBox(this))
    , m_export(lookButton(this, "primary"))
    , m_bar(new QProgressBar(this))
    , m_status(wrappedLabel(this))
    , m_cancel(lookButton(this))
{
    m_lead->setWordWrap(true);
    m_bar->setTextVisible(false);
    for (std::size_t i = 0; i < std::size(kFilters); ++i) {
        m_what->addItem(QString());
    }
    m_whatName->setBuddy(m_what);
    m_formatName->setBuddy(m_format);
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(14);
    grid->addWidget(m_whatName, 0, 0);
    grid->addWidget(m_what, 0, 1);
    grid->addWidget(m_formatName, 1, 0);
    grid->addWidget(m_format, 1, 1);
    grid->addWidget(m_export, 2, 1, Qt::AlignLeft);
    grid->setColumnStretch(2, 1);
    auto* progress = new QHBoxLayout;
    progress->addWidget(m_status, 1);
    progress->addWidget(m_cancel);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 14, 14, 14);
    layout->setSpacing(12);
    layout->addWidget(m_lead);
    layout->addLayout(grid);
    layout->addWidget(m_bar);
    layout->addLayout(progress);
    layout->addStretch(1);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_bar, m_cancel, m_status}) {
        widget->hide();
    }
    retranslate();
    connect(m_export, &QPushButton::clicked, this, &ExportPanel::choose);
    connect(m_cancel, &QPushButton::clicked, this, &ExportPanel::cancelRequested);
}

void ExportPanel::retranslate()
{
    m_lead->setText(tr("A file other programs read. Texts leave as they were typed."));
    m_whatName->setText(tr("Responses"));
    m_what->setAccessibleName(tr("Which responses"));
    const QString names[] = {tr("All (%1)").arg(m_counts.total), tr("Criticised (%1)").arg(m_counts.criticised),
                             tr("Accepted (%1)").arg(m_counts.accepted), tr("To do (%1)").arg(m_counts.open),
                             tr("Bookmarked (%1)").arg(m_counts.bookmarked)};
    for (int i = 0; i < m_what->count(); ++i) {
        m_what->setItemText(i, names[i]);
    }
    m_formatName->setText(tr("Format"));
    m_format->setAccessibleName(tr("Format"));
    for (std::size_t i = 0; i < m_formats.size(); ++i) {
        m_format->setItemText(static_cast<int>(i), formatTitle(m_formats[i]));
    }
    m_export->setText(tr("Export …"));
    m_cancel->setText(tr("Cancel"));
    m_bar->setAccessibleName(tr("Export"));
}

void ExportPanel::setFormats(const std::vector<DataFormat>& formats)
{
    m_formats.clear();
    std::copy_if(formats.begin(), formats.end(), std::back_inserter(m_formats),
                 [](const DataFormat& format) { return format.written; });
    m_format->clear();
    for (const auto& format : m_formats) {
        m_format->addItem(QString(), format.name);
    }
    retranslate();
}

void ExportPanel::setCounts(const annotate::QueueCounts& counts)
{
    m_counts = counts;
    retranslate();
}

void ExportPanel::setProgress(int done, int total, const QString& sentence)
{
    const bool running = total > 0;
    m_bar->setVisible(running);
    m_cancel->setVisible(running);
    m_export->setEnabled(!running);
    m_bar->setRange(0, total);
    m_bar->setValue(done);
    setOrHide(m_status, sentence);
}

void ExportPanel::exportTo(const QString& file)
{
    Q_EMIT exportRequested(file, m_format->currentData().toString(),
                           kFilters[static_cast<std::size_t>(std::max(0, m_what->currentIndex()))]);
}

void ExportPanel::choose()
{
    const auto chosen = static_cast<std::size_t>(std::max(0, m_format->currentIndex()));
    if (chosen >= m_formats.size()) {
        return;
    }
    const DataFormat& format = m_formats[chosen];
    const QString file = QFileDialog::getSaveFileName(
        this, tr("Export to"), QString(), QStringLiteral("%1 (*.%2)").arg(formatTitle(format), format.extension));
    if (!file.isEmpty()) {
        exportTo(file);
    }
}

void ExportPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

}  // namespace stet::ui
