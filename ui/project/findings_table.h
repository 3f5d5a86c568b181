// What the check found, a line for each kind; before an import what is to be done about each is chosen here. GUI
// thread.
#pragma once

#include "ui/project/finding_group.h"

#include <QTableWidget>

class QComboBox;

namespace stet::ui {

class FindingsTable : public QTableWidget {
    Q_OBJECT

public:
    explicit FindingsTable(QWidget* parent = nullptr);

    // deciding: remedies are offered.
    void setFindings(const std::vector<FindingGroup>& groups, bool deciding);
    RemedyChoice choice() const;
    void choose(const QString& kind, const QString& remedy);  // as if chosen

Q_SIGNALS:
    void groupChosen(int group);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void offer(int row);
    QComboBox* boxAt(int row) const;  // nullptr: there is nothing to choose

    std::vector<FindingGroup> m_groups;
    bool m_deciding = false;
};

}  // namespace stet::ui
