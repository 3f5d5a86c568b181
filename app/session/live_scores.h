// Scores of the response on screen under the judgment as it stands: asked for 200 ms after the last key, a newer
// request cancels the older, late replies are dropped, the old paint stays, marked stale. The share of false alarms
// follows when the text has rested for a while; the paint is fresh meanwhile. Owned by AnnotateController; GUI thread.
#pragma once

#include "app/session/latest_request.h"
#include "app/session/session_context.h"
#include "ui/annotate/annotate_page.h"

#include <QObject>
#include <QTimer>

#include <optional>
#include <string>
#include <vector>

namespace stet::app {

class LiveScores : public QObject {
    Q_OBJECT

public:
    LiveScores(const SessionContext& session, ui::AnnotatePage& page, QObject* parent);

    // Another response, or the same one with another text; others: RoundInput::otherJudgments.
    void show(const annotate::ResponseItem& item, const std::string& judgment, std::vector<std::string> others);
    void leave();  // no response is on screen
    void edited(const std::string& judgment);
    void again();  // the model or the preset is another one

private:
    Json params(bool withFalseAlarms) const;
    Json paintedBy() const;
    void scoreNow();
    void countAlarmsSoon();
    void request(bool withFalseAlarms);
    void take(const WorkerReply& reply, bool withFalseAlarms);
    bool judged() const { return !m_judgment.empty(); }

    SessionContext m_session;
    ui::AnnotatePage& m_page;
    QTimer m_pause;
    QTimer m_alarmPause;
    std::optional<annotate::ResponseItem> m_item;
    std::string m_judgment;
    std::vector<std::string> m_others;
    LatestRequest m_request;
    Json m_painted;  // paintedBy of the scores on screen; null: there are none of these words
};

}  // namespace stet::app
