// "What will train": the worker counts it from files in a folder of its own, a moment after judgments, λ, settings or
// the model changed. What the model would push down takes a reading of every criticised response: it is asked for only
// while the page is looked at, and given up for anything newer. Whatever changed last is what is shown in the end,
// however late the worker answers. The same reading makes λ where a rate of false alarms decides it; without anybody
// looking that is done when there are twice the judgments. Owned by RoundController; GUI thread.
#pragma once

#include "app/session/latest_request.h"
#include "app/session/session_context.h"
#include "ui/round/rounds_page.h"

#include <QObject>
#include <QTimer>

namespace stet::app {

class RoundPreview : public QObject {
    Q_OBJECT

public:
    RoundPreview(const SessionContext& session, ui::RoundsPage& page, QObject* parent);

    void changed();
    void setPreset(const QString& preset);
    void setParentRound(int round);  // which the next round would start from
    void hold(bool held);            // while a round runs: what it trains is known
    void setVisible(bool visible);
    const annotate::RoundPlan& plan() const { return m_plan; }

private:
    void write();
    void count();
    void takePlan(const WorkerReply& reply);
    void lookAtFlags();
    void showFlags(const Json& summary);
    void thresholdChanged();
    void calibrateInTime();
    void takeLambda(std::optional<double> lambda);

    SessionContext m_session;
    ui::RoundsPage& m_page;
    QTimer m_pause;
    QString m_preset = QStringLiteral("stable");
    int m_parent = 0;
    std::string m_folder;  // the input last written
    int m_heldOut = 0;     // judged responses that it leaves out
    annotate::RoundPlan m_plan;
    bool m_held = false;
    bool m_visible = false;
    bool m_counted = false;       // m_plan is of what changed last
    LatestRequest m_counting;     // files written, then counted
    LatestRequest m_looking;      // at the flags, then at whose they are
    LatestRequest m_calibrating;  // with nobody looking; judgments that come meanwhile don't end it
    std::optional<double> m_rate;
    bool m_otherModel = false;  // than the one that made λ
    bool m_takingLambda = false;
};

}  // namespace stet::app
