// What the check of an import found: the kinds, the rows of the one that is chosen, and before the import the choice of
// what is done. GUI thread.
#pragma once

#include "ui/project/finding_group.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace stet::ui {

class FindingRows;
class FindingsTable;

class FindingsPanel : public QWidget {
    Q_OBJECT

public:
    explicit FindingsPanel(QWidget* parent = nullptr);

    void tell(const std::vector<FindingGroup>& groups);  // of what came in
    void ask(const std::vector<FindingGroup>& groups);   // before it does
    FindingsTable* table() const { return m_kinds; }

Q_SIGNALS:
    void decided(const stet::ui::RemedyChoice& choice);
    void declined();
    void responseWanted(const QString& id);

protected:
    void changeEvent(QEvent* event) override;

private:
    void fill(const std::vector<FindingGroup>& groups, bool asking);
    void showRows(int group);
    void retranslate();

    std::vector<FindingGroup> m_groups;
    bool m_asking = false;
    QLabel* m_title;
    FindingsTable* m_kinds;
    FindingRows* m_rows;
    QLabel* m_more;
    QPushButton* m_import;
    QPushButton* m_decline;
};

}  // namespace stet::ui
