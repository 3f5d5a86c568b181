// Export: which responses, which format, where to. GUI thread.
#pragma once

#include "ui/project/project_page.h"

#include <QWidget>

class QComboBox;
class QProgressBar;
class QPushButton;

namespace stet::ui {

class ExportPanel : public QWidget {
    Q_OBJECT

public:
    explicit ExportPanel(QWidget* parent = nullptr);

    void setCounts(const annotate::QueueCounts& counts);
    void setFormats(const std::vector<DataFormat>& formats);
    void setProgress(int done, int total, const QString& sentence);
    void exportTo(const QString& file);  // as if chosen

Q_SIGNALS:
    void exportRequested(const QString& file, const QString& format, stet::annotate::QueueFilter filter);
    void cancelRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void choose();

    QLabel* m_lead;
    QLabel* m_whatName;
    QComboBox* m_what;
    QLabel* m_formatName;
    QComboBox* m_format;
    std::vector<DataFormat> m_formats;
    QPushButton* m_export;
    QProgressBar* m_bar;
    QLabel* m_status;
    QPushButton* m_cancel;
    annotate::QueueCounts m_counts;
};

}  // namespace stet::ui
