#include "ui/project/import_panel.h"

#include "ui/common/parts.h"
#include "ui/project/findings_panel.h"

#include <QComboBox>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QProgressBar>
#include <QVBoxLayout>

namespace stet::ui {

ImportPanel::ImportPanel(QWidget* parent)
    : QWidget(parent)
    , m_lead(plainLabel(this, "dim"))
    , m_file(new QLineEdit(this))
    , m_choose(lookButton(this))
    , m_format(new QComboBox(this))
    , m_import(lookButton(this, "primary"))
    , m_bar(new QProgressBar(this))
    , m_status(wrappedLabel(this))
    , m_cancel(lookButton(this))
    , m_undo(lookButton(this, "link"))
    , m_findings(new FindingsPanel(this))
{
    m_lead->setWordWrap(true);
    m_bar->setTextVisible(false);
    m_format->addItem(QString(), QStringLiteral("auto"));
    auto* row = new QHBoxLayout;
    row->addWidget(m_file, 1);
    row->addWidget(m_choose);
    row->addWidget(m_format);
    row->addWidget(m_import);
    auto* progress = new QHBoxLayout;
    progress->addWidget(m_status, 1);
    progress->addWidget(m_undo);
    progress->addWidget(m_cancel);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 14, 14, 14);
    layout->setSpacing(10);
    layout->addWidget(m_lead);
    layout->addLayout(row);
    layout->addWidget(m_bar);
    layout->addLayout(progress);
    layout->addWidget(m_findings, 1);
    layout->addStretch();
    for (QWidget* widget : std::initializer_list<QWidget*>{m_bar, m_cancel, m_status, m_undo, m_findings}) {
        widget->hide();  // nothing was imported yet
    }
    retranslate();
    m_import->setEnabled(false);
    connect(m_choose, &QPushButton::clicked, this, &ImportPanel::choose);
    connect(m_file, &QLineEdit::textChanged, m_import,
            [this](const QString& text) { m_import->setEnabled(!text.trimmed().isEmpty()); });
    connect(m_import, &QPushButton::clicked, this,
            [this] { Q_EMIT importRequested(m_file->text(), m_format->currentData().toString()); });
    connect(m_cancel, &QPushButton::clicked, this, &ImportPanel::cancelRequested);
    connect(m_undo, &QPushButton::clicked, this, &ImportPanel::undoRequested);
    connect(m_findings, &FindingsPanel::decided, this, &ImportPanel::decided);
    connect(m_findings, &FindingsPanel::declined, this, [this] {
        m_findings->hide();
        setProgress(0, 0, tr("Nothing was imported."));
    });
    connect(m_findings, &FindingsPanel::responseWanted, this, &ImportPanel::responseWanted);
}

void ImportPanel::retranslate()
{
    m_lead->setText(
        tr("Responses with or without judgments, or instructions alone, for the model to answer. Nothing is trained on "
           "before you say so; the check points out rows that may harm training."));
    m_file->setPlaceholderText(tr("File to import"));
    m_file->setAccessibleName(tr("File to import"));
    m_choose->setText(tr("Choose …"));
    m_choose->setAccessibleName(tr("Choose the file to import"));
    m_format->setAccessibleName(tr("Format of the file"));
    m_format->setItemText(0, tr("Find out the format"));
    for (std::size_t i = 0; i < m_formats.size(); ++i) {
        m_format->setItemText(static_cast<int>(i) + 1, formatTitle(m_formats[i]));
    }
    m_import->setText(tr("Import"));
    m_cancel->setText(tr("Cancel"));
    m_bar->setAccessibleName(tr("Import"));
    m_undo->setText(tr("Undo this import"));
}

void ImportPanel::setFormats(const std::vector<DataFormat>& formats)
{
    m_formats = formats;
    while (m_format->count() > 1) {
        m_format->removeItem(1);
    }
    for (const auto& format : formats) {
        m_format->addItem(QString(), format.name);
    }
    retranslate();
}

void ImportPanel::setProgress(int done, int total, const QString& sentence)
{
    const bool running = total != 0;
    m_bar->setVisible(running);
    m_cancel->setVisible(running);
    m_import->setEnabled(!running && !m_file->text().trimmed().isEmpty());
    if (running) {
        m_undo->hide();
        m_findings->hide();
    }
    m_bar->setRange(0, std::max(total, 0));  // (0, 0) is a bar that only shows that something goes on
    m_bar->setValue(done);
    setOrHide(m_status, sentence);
}

void ImportPanel::setUndoing(const QString& sentence)
{
    setProgress(0, -1, sentence);
    m_cancel->hide();
}

void ImportPanel::setFindings(const std::vector<FindingGroup>& groups)
{
    m_findings->tell(groups);
    m_findings->show();
}

void ImportPanel::askAbout(const std::vector<FindingGroup>& groups)
{
    m_findings->ask(groups);
    m_findings->show();
}

void ImportPanel::setUndoable(bool undoable)
{
    m_undo->setVisible(undoable);
}

void ImportPanel::setFile(const QString& file)
{
    m_file->setText(file);
}

void ImportPanel::choose()
{
    QStringList ends;
    for (const auto& format : m_formats) {
        ends << QStringLiteral("*.") + format.extension;
    }
    ends << QStringLiteral("*.gz");
    ends.removeDuplicates();
    const QString file = QFileDialog::getOpenFileName(
        this, tr("Choose the file to import"), QFileInfo(m_file->text()).path(),
        tr("Data (%1)").arg(ends.join(QLatin1Char(' '))) + QStringLiteral(";;") + tr("All files (*)"));
    if (!file.isEmpty()) {
        setFile(file);
    }
}

void ImportPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

}  // namespace stet::ui
