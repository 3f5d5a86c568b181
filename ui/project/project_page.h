// Project: import with the linter's findings, export, the model, guidelines, backups.
//
// Made and owned by MainWindow; fed by app/session. GUI thread only; values in, signals out. Opens file choosers, reads
// no file.
#pragma once

#include "annotate/judgment/types.h"
#include "ui/project/data_format.h"
#include "ui/project/finding_group.h"

#include <QDateTime>
#include <QString>
#include <QWidget>

#include <vector>

class QLabel;
class QTabWidget;

namespace stet::ui {

class BackupsPanel;
class ExportPanel;
class GuidelinesEditor;
class ImportPanel;
class InstructionsPanel;
class ModelPanel;

// The model of the project in words; empty fields are not shown.
struct ModelCard {
    QString folder;
    QString architecture;  // "LlamaForCausalLM, 1.1 M parameters, 4 layers"
    QString context;       // "512 tokens"
    QString device;        // "CPU, float32"
    QString deviceReason;  // "no GPU driver found"
    QString memory;        // "weights 4 MB, a round about 0.4 GB"
    QString round;         // "round 2 adopted"
};

struct BackupEntry {
    QString path;
    QDateTime when;
    qint64 bytes = 0;
};

class ProjectPage : public QWidget {
    Q_OBJECT

public:
    explicit ProjectPage(QWidget* parent = nullptr);

    void setFormats(const std::vector<DataFormat>& formats);  // what can be imported and exported
    void setProjectName(const QString& name, const QString& folder);
    void setModel(const ModelCard& model);
    void setGuidelines(const QString& text);
    void setBackups(const std::vector<BackupEntry>& backups);
    InstructionsPanel* instructions() const { return m_instructions; }
    void showFindings();      // of the import
    void showInstructions();  // that part, with those that wait for a response

    void setImportProgress(int done, int total, const QString& sentence);  // total 0: how it ended; −1: not known
    void setUndoing(const QString& sentence);                              // what can't be cancelled
    void setFindings(const std::vector<FindingGroup>& groups);             // of what came in
    void askAbout(const std::vector<FindingGroup>& groups);                // importDecided is the answer
    void setUndoable(bool undoable);                                       // may the newest import be taken back here?
    void setExportProgress(int done, int total, const QString& sentence);
    void setExportCounts(const annotate::QueueCounts& counts);

Q_SIGNALS:
    void importRequested(const QString& file, const QString& format);  // format "auto" or the name of one
    void importCancelRequested();
    void importDecided(const stet::ui::RemedyChoice& choice);
    void undoImportRequested();
    void responseWanted(const QString& id);  // a row of the import, by its external id
    void exportRequested(const QString& file, const QString& format, stet::annotate::QueueFilter filter);
    void exportCancelRequested();
    void guidelinesEdited(const QString& text);
    void backupNowRequested();
    void restoreRequested(const QString& path);
    void checkRequested();  // integrity of the project folder

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();

    QLabel* m_title = nullptr;
    QLabel* m_folder = nullptr;
    QTabWidget* m_tabs = nullptr;
    ImportPanel* m_import = nullptr;
    InstructionsPanel* m_instructions = nullptr;
    ExportPanel* m_export = nullptr;
    ModelPanel* m_model = nullptr;
    GuidelinesEditor* m_guidelines = nullptr;
    BackupsPanel* m_backups = nullptr;
};

}  // namespace stet::ui
