// The few fields of a new project, opened in place on the Start page. GUI thread.
#pragma once

#include "ui/start/start_page.h"

#include <QFrame>

class QLabel;
class QLineEdit;
class QPushButton;

namespace stet::ui {

class NewProjectForm : public QFrame {
    Q_OBJECT

public:
    explicit NewProjectForm(QWidget* parent = nullptr);

    void setDefaultFolder(const QString& folder);
    void setModelVerdict(const QString& modelFolder, bool usable, const QString& sentence);
    NewProject project() const;
    void setModelFolder(const QString& folder);  // or a GGUF file; as if chosen
    void setDataFile(const QString& file);

Q_SIGNALS:
    void modelFolderPicked(const QString& folder);
    void createPressed(const stet::ui::NewProject& project);
    void cancelled();

protected:
    void changeEvent(QEvent* event) override;
    // A folder or a GGUF file is the model, another file the data.
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void retranslate();
    void refresh();
    void chooseModel();
    void chooseModelFile();
    void chooseData();
    void chooseFolder();

    QLabel* m_names[4];
    QLineEdit* m_model;
    QPushButton* m_chooseModel;
    QPushButton* m_chooseModelFile;
    QLabel* m_verdict;
    QLineEdit* m_data;
    QPushButton* m_chooseData;
    QLineEdit* m_name;
    QLineEdit* m_folder;
    QPushButton* m_chooseFolder;
    QPushButton* m_create;
    QPushButton* m_cancel;
    bool m_usable = false;
    bool m_named = false;  // by the person
};

}  // namespace stet::ui
