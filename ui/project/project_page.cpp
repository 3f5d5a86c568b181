#include "ui/project/project_page.h"

#include "ui/common/parts.h"
#include "ui/project/export_panel.h"
#include "ui/project/import_panel.h"
#include "ui/project/instructions_panel.h"
#include "ui/project/side_panels.h"

#include <QEvent>
#include <QTabWidget>
#include <QVBoxLayout>

namespace stet::ui {

ProjectPage::ProjectPage(QWidget* parent) : QWidget(parent)
{
    m_title = titleLabel(this);
    m_folder = plainLabel(this, "dim");
    m_folder->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_tabs = new QTabWidget(this);
    m_tabs->setDocumentMode(false);
    m_import = new ImportPanel;
    m_instructions = new InstructionsPanel;
    m_export = new ExportPanel;
    m_model = new ModelPanel;
    m_guidelines = new GuidelinesEditor;
    m_backups = new BackupsPanel;
    for (QWidget* panel :
         std::initializer_list<QWidget*>{m_import, m_instructions, m_export, m_model, m_guidelines, m_backups}) {
        m_tabs->addTab(panel, QString());
    }
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 16, 20, 16);
    layout->setSpacing(8);
    layout->addWidget(m_title);
    layout->addWidget(m_folder);
    layout->addSpacing(4);
    layout->addWidget(m_tabs, 1);
    retranslate();
    connect(m_import, &ImportPanel::importRequested, this, &ProjectPage::importRequested);
    connect(m_import, &ImportPanel::cancelRequested, this, &ProjectPage::importCancelRequested);
    connect(m_import, &ImportPanel::decided, this, &ProjectPage::importDecided);
    connect(m_import, &ImportPanel::undoRequested, this, &ProjectPage::undoImportRequested);
    connect(m_import, &ImportPanel::responseWanted, this, &ProjectPage::responseWanted);
    connect(m_instructions, &InstructionsPanel::importWanted, this, [this] { m_tabs->setCurrentWidget(m_import); });
    connect(m_export, &ExportPanel::exportRequested, this, &ProjectPage::exportRequested);
    connect(m_export, &ExportPanel::cancelRequested, this, &ProjectPage::exportCancelRequested);
    connect(m_model, &ModelPanel::checkRequested, this, &ProjectPage::checkRequested);
    connect(m_guidelines, &GuidelinesEditor::edited, this, &ProjectPage::guidelinesEdited);
    connect(m_backups, &BackupsPanel::backupNowRequested, this, &ProjectPage::backupNowRequested);
    connect(m_backups, &BackupsPanel::restoreRequested, this, &ProjectPage::restoreRequested);
}

void ProjectPage::retranslate()
{
    setAccessibleName(tr("Project"));
    m_tabs->setAccessibleName(tr("Parts of the project"));
    const QString names[] = {tr("Import"), tr("Instructions"), tr("Export"),
                             tr("Model"),  tr("Guidelines"),   tr("Backups")};
    for (int i = 0; i < m_tabs->count(); ++i) {
        m_tabs->setTabText(i, names[i]);
        m_tabs->widget(i)->setAccessibleName(names[i]);
    }
}

void ProjectPage::setFormats(const std::vector<DataFormat>& formats)
{
    m_import->setFormats(formats);
    m_export->setFormats(formats);
}

void ProjectPage::setProjectName(const QString& name, const QString& folder)
{
    m_title->setText(name);
    m_folder->setText(folder);
}

void ProjectPage::setModel(const ModelCard& model)
{
    m_model->setModel(model);
}

void ProjectPage::setGuidelines(const QString& text)
{
    m_guidelines->setText(text);
}

void ProjectPage::setBackups(const std::vector<BackupEntry>& backups)
{
    m_backups->setBackups(backups);
}

void ProjectPage::showFindings()
{
    m_tabs->setCurrentWidget(m_import);
}

void ProjectPage::showInstructions()
{
    m_tabs->setCurrentWidget(m_instructions);
    m_instructions->showSet(QString::fromLatin1(annotate::kWaitingSet));
}

void ProjectPage::setImportProgress(int done, int total, const QString& sentence)
{
    m_import->setProgress(done, total, sentence);
}

void ProjectPage::setUndoing(const QString& sentence)
{
    m_import->setUndoing(sentence);
}

void ProjectPage::setFindings(const std::vector<FindingGroup>& groups)
{
    m_import->setFindings(groups);
}

void ProjectPage::askAbout(const std::vector<FindingGroup>& groups)
{
    m_import->askAbout(groups);
}

void ProjectPage::setUndoable(bool undoable)
{
    m_import->setUndoable(undoable);
}

void ProjectPage::setExportProgress(int done, int total, const QString& sentence)
{
    m_export->setProgress(done, total, sentence);
}

void ProjectPage::setExportCounts(const annotate::QueueCounts& counts)
{
    m_export->setCounts(counts);
}

void ProjectPage::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

}  // namespace stet::ui
