// Instructions: the sets, what is in them, and what a model is asked to answer. GUI thread.
#pragma once

#include "ui/project/project_page.h"

#include <QWidget>

class QButtonGroup;
class QLabel;
class QLineEdit;
class QListWidget;
class QPlainTextEdit;
class QPushButton;

namespace stet::ui {

class GeneratePanel;

class InstructionsPanel : public QWidget {
    Q_OBJECT

public:
    explicit InstructionsPanel(QWidget* parent = nullptr);

    void setSets(const std::vector<annotate::InstructionSet>& sets);
    void setRows(const std::vector<annotate::InstructionRow>& rows, bool more);
    void showSet(const QString& set);  // as if chosen
    void setRemark(const QString& sentence);
    void setReadOnly(bool readOnly);
    QString set() const { return m_set; }
    QString search() const;
    GeneratePanel* generate() const { return m_generate; }

Q_SIGNALS:
    void rowsWanted(const QString& set, const QString& search);
    void addRequested(const QString& set, const QString& lines);  // one instruction a line
    void moveRequested(const std::vector<qint64>& ids, const QString& toSet);
    void removeRequested(const std::vector<qint64>& ids);
    void importWanted();  // of a file

protected:
    void changeEvent(QEvent* event) override;

private:
    void build();
    void retranslate();
    void rebuildChips();
    void refresh();
    void choose(const QString& set);
    void add();
    void remove();
    std::vector<qint64> selected() const;
    bool isHeldOut() const;
    const annotate::InstructionSet* current() const;

    std::vector<annotate::InstructionSet> m_sets;
    QString m_set;
    bool m_readOnly = false;
    int m_shown = 0;
    bool m_more = false;
    QWidget* m_chipRow = nullptr;
    QButtonGroup* m_chips = nullptr;
    QLineEdit* m_search = nullptr;
    QLabel* m_lead = nullptr;
    QListWidget* m_list = nullptr;
    QLabel* m_rest = nullptr;
    QPushButton* m_add = nullptr;
    QPushButton* m_import = nullptr;
    QPushButton* m_move = nullptr;
    QPushButton* m_remove = nullptr;
    QWidget* m_paste = nullptr;
    QPlainTextEdit* m_lines = nullptr;
    QPushButton* m_take = nullptr;
    QLabel* m_remark = nullptr;
    GeneratePanel* m_generate = nullptr;
};

}  // namespace stet::ui
