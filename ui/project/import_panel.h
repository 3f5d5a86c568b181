// Import: choose a file, watch it come in, see what the linter found. GUI thread.
#pragma once

#include "ui/project/project_page.h"

#include <QWidget>

class QComboBox;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace stet::ui {

class FindingsTable;

class ImportPanel : public QWidget {
    Q_OBJECT

public:
    explicit ImportPanel(QWidget* parent = nullptr);

    void setFormats(const std::vector<DataFormat>& formats);
    void setProgress(int done, int total, const QString& sentence);
    void setFindings(const std::vector<Finding>& findings);
    void setFile(const QString& file);  // as if chosen

Q_SIGNALS:
    void importRequested(const QString& file, const QString& format);
    void cancelRequested();
    void fixRequested(const QString& fixId);

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
    QLabel* m_findingsTitle;
    FindingsTable* m_findings;
    int m_count = 0;
};

}  // namespace stet::ui
