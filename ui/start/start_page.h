// Start: open an example, make a project, go on with a recent one, and the line that says what this computer has.
//
// Made and owned by MainWindow; fed by app/session. GUI thread only; values in, signals out. Opens file choosers, reads
// no file: whether a folder is a model is answered by the controller through setModelVerdict.
#pragma once

#include <QDateTime>
#include <QString>
#include <QWidget>

#include <vector>

class QLabel;
class QPushButton;
class QToolButton;
class QVBoxLayout;

namespace stet::ui {

class NewProjectForm;

struct RecentProject {
    QString path;  // comes back in openRequested
    QString name;
    int responses = 0;
    int round = 0;
    QDateTime lastOpened;
    bool missing = false;  // the folder is gone: shown, greyed, can be forgotten
};

struct NewProject {
    QString name;
    QString folder;  // where NAME.stet/ is made
    QString modelFolder;
    QString dataFile;  // may be empty: import later
};

class StartPage : public QWidget {
    Q_OBJECT

public:
    explicit StartPage(QWidget* parent = nullptr);

    void setRecent(const std::vector<RecentProject>& projects);
    // "CPU, 2 cores, 21 GB free · no GPU: no NVIDIA driver found"; `details` opens at [?]. Plain text.
    void setHardware(const QString& line, const QString& details);
    // "Opening ledger-example …"; empty: not busy. What may take long can be cancelled.
    void setBusy(const QString& sentence, bool cancellable = false);
    void setProblem(const QString& sentence);  // why the last wish failed; empty: none
    void setDefaultFolder(const QString& folder);
    // Answer to modelFolderPicked: "LlamaForCausalLM, 1.1 M parameters, fits" or why it is refused.
    void setModelVerdict(const QString& modelFolder, bool usable, const QString& sentence);

Q_SIGNALS:
    void exampleRequested();
    void realExampleRequested();
    void cancelRequested();
    void openRequested(const QString& path);  // a recent one, or one chosen in the file chooser
    void forgetRequested(const QString& path);
    void modelFolderPicked(const QString& folder);
    void createRequested(const stet::ui::NewProject& project);

protected:
    void changeEvent(QEvent* event) override;

private:
    void build();
    void retranslate();
    void rebuildRecent();
    void setFormVisible(bool visible);
    void chooseProject();

    std::vector<RecentProject> m_recent;
    QLabel* m_title = nullptr;
    QLabel* m_lead = nullptr;
    QPushButton* m_example = nullptr;
    QLabel* m_exampleNote = nullptr;
    QPushButton* m_realExample = nullptr;
    QLabel* m_realExampleNote = nullptr;
    QPushButton* m_new = nullptr;
    QLabel* m_newNote = nullptr;
    QPushButton* m_open = nullptr;
    QLabel* m_openNote = nullptr;
    NewProjectForm* m_form = nullptr;
    QLabel* m_recentTitle = nullptr;
    QVBoxLayout* m_recentLayout = nullptr;
    QLabel* m_hardware = nullptr;
    QToolButton* m_hardwareMore = nullptr;
    QLabel* m_hardwareDetails = nullptr;
    QLabel* m_status = nullptr;
    QPushButton* m_cancel = nullptr;
    QString m_hardwareLine;
};

}  // namespace stet::ui
