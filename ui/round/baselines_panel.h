// The same judgments through other objectives beside CUT: which, one press, progress, and a table of what came of each.
// Part of RoundsPage, hidden until its link asks for it; fed by app/session's baselines controller. GUI thread; values
// in, signals out.
#pragma once

#include <QFrame>
#include <QString>
#include <QStringList>

#include <vector>

class QCheckBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QTableWidget;
class QToolButton;

namespace stet::ui {

struct BaselineChoice {
    QString objective;  // as round.json says it; shown as it is
    bool chosen = true;
    QString impossible;  // why; empty: it can be trained
    QString failed;      // why
};

struct BaselineResult {
    QString objective;
    QStringList cells;  // as the columns of the table after the first
};

class BaselinesPanel : public QFrame {
    Q_OBJECT

public:
    explicit BaselinesPanel(QWidget* parent = nullptr);

    void open();   // shows itself
    void clear();  // hides itself; another project's come

    void setChoices(const std::vector<BaselineChoice>& choices);
    void setResults(const std::vector<BaselineResult>& results);
    // A sentence over the table: where they start, or that judgments have changed since; empty hides it.
    void setRemark(const QString& sentence);
    void setProblem(const QString& sentence);  // empty hides it
    // What is done now ("sft (2 of 5): training"), and how far, 0 to 1. Empty: nothing is.
    void setRunning(const QString& what, double share);
    // A round is trained meanwhile: nothing can be started.
    void setHeld(bool held);

Q_SIGNALS:
    void opened();
    void startRequested(const QStringList& objectives, bool anew);
    void stopRequested();
    void runningChanged(bool running);

protected:
    void changeEvent(QEvent* event) override;

private:
    void build();
    void retranslate();
    void refresh();
    void fillTable();
    QStringList chosen() const;

    std::vector<BaselineChoice> m_choices;
    std::vector<BaselineResult> m_results;
    std::vector<QCheckBox*> m_boxes;
    bool m_running = false;
    bool m_held = false;
    QLabel* m_title;
    QToolButton* m_close;
    QLabel* m_about;
    QWidget* m_boxRow;
    QLabel* m_reasons;
    QPushButton* m_start;
    QPushButton* m_anew;
    QPushButton* m_stop;
    QLabel* m_status;
    QProgressBar* m_bar;
    QLabel* m_remark;
    QLabel* m_problem;
    QTableWidget* m_table;
};

}  // namespace stet::ui
