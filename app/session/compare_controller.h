// Compare: after a round, the held-out instructions answered before and after, blind; then adopt or discard. GUI
// thread.
#pragma once

#include "app/session/project_access.h"
#include "ui/compare/compare_page.h"

#include <QObject>

#include <memory>

namespace stet::app {

class CompareController : public QObject {
    Q_OBJECT

public:
    CompareController(ProjectAccess& access, QObject* parent);

    void compare(int round);  // reads what was compared before, else asks the worker
    void showDecision(int round, bool adopted);
    void retranslate();  // sentences made here, in the language of now

Q_SIGNALS:
    void adoptRequested(int round);
    void discardRequested(int round);

private:
    struct Sides {
        std::string before;
        std::string after;
        std::string contrast;  // the round's: which tokens are followed
        bool done = false;     // compared before
    };

    struct Compared;

    ui::ComparePage& page() const;
    void ask(int round, const Sides& sides);
    void read(int round);
    void show(const Compared& compared);
    void showMeasures();

    ProjectAccess& m_access;
    int m_round = 0;
    std::shared_ptr<const Compared> m_shown;  // null before the first comparison
};

}  // namespace stet::app
