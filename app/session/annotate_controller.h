// Annotate: the queue, the response on screen, verdicts, marks, undo; what is typed goes to the drafts and to the live
// scores. GUI thread.
#pragma once

#include "app/session/draft_keeper.h"
#include "app/session/live_scores.h"
#include "app/session/session_context.h"
#include "ui/annotate/annotate_page.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <optional>

namespace stet::app {

class AnnotateController : public QObject {
    Q_OBJECT

public:
    AnnotateController(const SessionContext& session, ui::AnnotatePage& page, QObject* parent);

    void open();                                  // fills the queue and shows the first response to do
    void modelLoaded();                           // scores can be asked for
    void flush();                                 // writes the drafts now, and where one is
    void refresh();                               // queue, counts and item, after an import
    void show(annotate::ResponseId id);           // nothing, where there is no such response any more
    void arrived(annotate::ResponseId response);  // one more waits to be judged
    void drafted(annotate::ResponseId response);  // a judgment of it is suggested
    // Shows what is to do; when there is nothing, the next that arrives.
    void showToDo();

    // Every word typed and every verdict given is on the disk.
    bool allStored() const;
    // Calls done when that is so, or failed with the reason when something could not be written (it is tried again).
    // At once or later; a newer call takes the place of an older one that waits.
    void whenStored(std::function<void()> done, std::function<void(const QString& problem)> failed);

private:
    struct Snapshot;

    void connectPage();
    void loadQueue();
    void loadCounts();
    void showNeighbour(annotate::ResponseId from, bool forward);
    void showNothing();
    void showNextToDo(annotate::ResponseId from);
    void remember(annotate::ResponseId id);
    void writePlace();
    void showItem(annotate::ResponseItem item, int position, int total);
    void edited(annotate::ResponseId id, const QString& text);
    void submit(annotate::ResponseId id, annotate::Verdict verdict, const QString& judgment,
                const std::optional<QString>& revision);
    void writeDrafts();
    void changed(annotate::ResponseId id);
    void step(bool undo);
    void stored();
    void notStored(const QString& problem);
    void setSaved(ui::SavedState::Kind kind, const QString& problem = {});

    SessionContext m_session;
    ui::AnnotatePage& m_page;
    DraftKeeper m_drafts;       // judgments
    DraftKeeper m_corrections;  // corrected responses
    LiveScores m_scores;
    std::optional<annotate::ResponseItem> m_item;
    std::vector<std::string> m_others;  // judgments of other responses
    bool m_queueComplete = false;       // the list holds every row of its filter
    bool m_awaiting = false;            // the next response that arrives is shown
    int m_submitting = 0;               // verdicts on their way to the store
    QTimer m_placeTimer;                // where one is, is written when one stays there
    annotate::ResponseId m_place;       // not written yet; 0: it is
    std::function<void()> m_whenStored;
    std::function<void(const QString&)> m_whenNotStored;
};

}  // namespace stet::app
