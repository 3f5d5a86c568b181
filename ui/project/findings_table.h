// What the linter found: where, the problem, the suggestion, and a fix in one click where there is one. GUI thread.
#pragma once

#include "ui/project/project_page.h"

#include <QTableWidget>

namespace stet::ui {

class FindingsTable : public QTableWidget {
    Q_OBJECT

public:
    explicit FindingsTable(QWidget* parent = nullptr);

    void setFindings(const std::vector<Finding>& findings);

Q_SIGNALS:
    void fixRequested(const QString& fixId);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    int buttonWidth() const;

    std::vector<Finding> m_findings;
};

}  // namespace stet::ui
