// Compare: after a round, the held-out instructions answered before and after, blind; then adopt or discard. GUI
// thread.
#pragma once

#include "app/session/latest_request.h"
#include "app/session/session_context.h"
#include "ui/compare/compare_page.h"
#include "workflow/comparison.h"

#include <QObject>

#include <memory>

namespace stet::app {

class CompareController : public QObject {
    Q_OBJECT

public:
    CompareController(const SessionContext& session, ui::ComparePage& page, QObject* parent);

    // Reads what was compared before, else asks the worker, and goes to the page. Another round's comparison under way
    // is given up.
    void compare(int round);
    // The same for a round that has just been trained, without going anywhere: a banner says that it is done, and
    // offers to compare. A comparison that is being looked at stays.
    void announce(int round, bool lookedAt);
    void showDecision(int round, bool adopted);
    void retranslate();  // sentences made here, in the language of now

Q_SIGNALS:
    void compared(int round);  // and recorded
    void adoptRequested(int round);
    void discardRequested(int round);
    void nextRoundRequested();     // fresh instructions, answered by the adopted round
    void instructionsRequested();  // to be added or held out

private:
    void begin(int round);
    void ask(const workflow::ComparisonRequest& request);
    void read();
    void show(const workflow::Comparison& comparison);
    void warn(const workflow::Comparison& comparison);
    void showMeasures();
    std::function<void(FailureReport)> showProblem();

    SessionContext m_session;
    ui::ComparePage& m_page;
    int m_round = 0;
    bool m_gone = false;                                  // to the page, so that a hint belongs there
    LatestRequest m_request;                              // planned, answered, read
    std::shared_ptr<const workflow::Comparison> m_shown;  // null before the first comparison
};

}  // namespace stet::app
