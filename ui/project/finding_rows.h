// The rows of one kind of finding: where they are in the file and what they say; those that came in are a key away. GUI
// thread.
#pragma once

#include "ui/project/finding_group.h"

#include <QTableWidget>

namespace stet::ui {

class FindingRows : public QTableWidget {
    Q_OBJECT

public:
    explicit FindingRows(QWidget* parent = nullptr);

    void setGroup(const FindingGroup& group);

Q_SIGNALS:
    void responseWanted(const QString& id);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();

    FindingGroup m_group;
};

}  // namespace stet::ui
