// Import: choose a file, watch it come in, see what the linter found. GUI thread.
#pragma once

#include "ui/project/project_page.h"

#include <QWidget>

class QComboBox;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace stet::ui {

class FindingsPanel;

class ImportPanel : public QWidget {
    Q_OBJECT

public:
    explicit ImportPanel(QWidget* parent = nullptr);

    void setFormats(const std::vector<DataFormat>& formats);
    void setProgress(int done, int total, const QString& sentence);
    void setUndoing(const QString& sentence);                   // what can't be cancelled; setProgress ends it
    void setFindings(const std::vector<FindingGroup>& groups);  // of what came in
    void askAbout(const std::vector<FindingGroup>& groups);     // before it comes in
    void setUndoable(bool undoable);                            // the newest import can be taken back
    void setFile(const QString& file);                          // as if chosen

Q_SIGNALS:
    void importRequested(const QString& file, const QString& format);
    void cancelRequested();
    void decided(const stet::ui::RemedyChoice& choice);
    void undoRequested();
    void responseWanted(const QString& id);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void choose();

    QLabel* m_lead;
    QLineEdit* m_file;
    QPushButton* m_choose;
    QComboBox* m_format;
    std::vector<DataFormat> m_formats;
    QPushButton* m_import;
    QProgressBar* m_bar;
    QLabel* m_status;
    QPushButton* m_cancel;
    QPushButton* m_undo;
    FindingsPanel* m_findings;
};

}  // namespace stet::ui
