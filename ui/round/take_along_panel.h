// "Use this model": for which program, in which form and where to a round's model is written; how far it is; then the
// line that starts the program with it, to be copied. Part of RoundsPage, hidden until a card asks for it; fed by
// app/session's model export controller. GUI thread; opens a file chooser, writes nothing.
#pragma once

#include <QFrame>
#include <QString>
#include <QStringList>

#include <vector>

class QComboBox;
class QEvent;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QToolButton;

namespace stet::ui {

struct ModelFormChoice {
    QString name;         // comes back in exportRequested; its title is the panel's business
    bool folder = false;  // else one file
    bool ofBase = false;  // the base model can be written so, too
};

struct ProgramChoice {
    QString name;       // comes back in exportRequested; empty: whatever reads such files
    QString title;      // a name of its own; empty as above
    QStringList forms;  // that it reads, the best first
    QString tried;      // with which version such files were tried; empty: never
};

class TakeAlongPanel : public QFrame {
    Q_OBJECT

public:
    explicit TakeAlongPanel(QWidget* parent = nullptr);

    void setChoices(std::vector<ModelFormChoice> forms, std::vector<ProgramChoice> programs);
    void setFileName(const QString& name) { m_fileName = name; }  // proposed, without "-round-2.gguf"

    // Shows itself for that round, 0 = the base model; while one is written it stays with that.
    void open(int round);
    void setRunning(double share);  // 0 to 1
    // It has ended: what to say, and the line for a terminal where there is one.
    void setDone(const QString& sentence, const QString& command);
    void setProblem(const QString& sentence);

    void saveTo(const QString& path);  // as if chosen

Q_SIGNALS:
    void exportRequested(int round, const QString& form, const QString& program, const QString& out);
    void cancelRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    void build();
    void retranslate();
    void showForms();
    void choose();
    void showEnd(const QString& sentence, const char* tone, const QString& command);
    const ProgramChoice* program() const;
    const ModelFormChoice* form(const QString& name) const;

    std::vector<ModelFormChoice> m_forms;
    std::vector<ProgramChoice> m_programs;
    QString m_fileName;
    int m_round = 0;
    bool m_running = false;

    QLabel* m_title;
    QToolButton* m_close;
    QLabel* m_forName;
    QComboBox* m_for;
    QLabel* m_asName;
    QComboBox* m_as;
    QPushButton* m_save;
    QProgressBar* m_bar;
    QPushButton* m_cancel;
    QLabel* m_status;
    QLineEdit* m_command;
    QPushButton* m_copy;
    QLabel* m_tried;
};

}  // namespace stet::ui
