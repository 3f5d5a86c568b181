// Annotate: the queue, the response on screen, drafts, verdicts, live scores. GUI thread.
//
// Drafts reach the disk 250 ms after the last key and at most 1 s after the first unsaved one. Scores are asked for 200
// ms after the last key; a newer request cancels the older, late replies are dropped, the old paint stays, marked
// stale.
#pragma once

#include "app/session/project_access.h"

#include <QObject>
#include <QTimer>

#include <optional>

namespace stet::app {

class AnnotateController : public QObject {
    Q_OBJECT

public:
    AnnotateController(ProjectAccess& access, QObject* parent);

    void open();          // fills the queue and shows the first response to do
    void modelChanged();  // loaded, or another round adopted: score again
    void flush();         // writes the draft now
    void refresh();       // queue, counts and item, after an import

Q_SIGNALS:
    void judged();  // a verdict was stored: the round's plan changes

private:
    struct Snapshot;

    void connectPage();
    void loadQueue();
    void loadCounts();
    void show(annotate::ResponseId id);
    void showNeighbour(annotate::ResponseId from, bool forward);
    void showItem(const annotate::ResponseItem& item, int position, int total);
    void edited(annotate::ResponseId id, const QString& text);
    void saveDraft();
    void submit(annotate::ResponseId id, annotate::Verdict verdict, const QString& judgment);
    void changed(annotate::ResponseId id);
    void step(bool undo);
    void requestScores(bool withFalseAlarms);
    void setSaved(ui::SavedState::Kind kind, const QString& problem = {});
    ui::AnnotatePage& page() const;

    ProjectAccess& m_access;
    QTimer m_draftPause;  // restarted by every key
    QTimer m_draftLimit;  // from the first unsaved key
    QTimer m_scorePause;
    QTimer m_alarmPause;
    std::optional<annotate::ResponseItem> m_item;
    std::string m_text;  // of the judgment as typed
    bool m_unsaved = false;
    std::int64_t m_scoreRequest = 0;
    std::uint64_t m_edition = 0;  // counts texts: a reply to an older one is late
    std::vector<std::string> m_others;
};

}  // namespace stet::app
