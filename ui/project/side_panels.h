// The quiet panels of the Project page: model, guidelines, backups. GUI thread.
#pragma once

#include "ui/project/project_page.h"

#include <QWidget>

class QGridLayout;
class QPlainTextEdit;
class QPushButton;
class QTableWidget;

namespace stet::ui {

class ModelPanel : public QWidget {
    Q_OBJECT

public:
    explicit ModelPanel(QWidget* parent = nullptr);

    void setModel(const ModelCard& model);

Q_SIGNALS:
    void checkRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();

    ModelCard m_model;
    QGridLayout* m_grid;
    std::vector<QLabel*> m_names;
    std::vector<QLabel*> m_values;
    QPushButton* m_check;
};

class GuidelinesEditor : public QWidget {
    Q_OBJECT

public:
    explicit GuidelinesEditor(QWidget* parent = nullptr);

    void setText(const QString& text);
    QPlainTextEdit* edit() const { return m_edit; }

Q_SIGNALS:
    void edited(const QString& text);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();

    QLabel* m_lead;
    QPlainTextEdit* m_edit;
    bool m_setting = false;
};

class BackupsPanel : public QWidget {
    Q_OBJECT

public:
    explicit BackupsPanel(QWidget* parent = nullptr);

    void setBackups(const std::vector<BackupEntry>& backups);

Q_SIGNALS:
    void backupNowRequested();
    void restoreRequested(const QString& path);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();

    std::vector<BackupEntry> m_backups;
    QLabel* m_lead;
    QPushButton* m_now;
    QTableWidget* m_table;
};

}  // namespace stet::ui
