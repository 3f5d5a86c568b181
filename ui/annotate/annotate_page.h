// The page a person lives in: queue, instruction, response with its heat-map, judgment, inspector.
//
// Made and owned by MainWindow; fed by app/session's annotate controller. GUI thread only. Values are copied in through
// the setters, every deed of the person leaves as a signal that carries the id of the response ON SCREEN when the key
// was pressed, so that a late answer can never act on another item. Nothing here fails: what is missing is shown as
// missing. Texts of people and models are plain text. Offsets are code points of the response.
#pragma once

#include "annotate/judgment/quoted_words.h"
#include "annotate/judgment/types.h"
#include "ui/common/saved_state.h"

#include <QWidget>

#include <optional>
#include <vector>

class QSplitter;
class QToolButton;

namespace stet::ui {

class EmptyState;
class HintBubble;
class InspectorPanel;
class JudgmentPanel;
class KeyOverlay;
class QueuePanel;
class ResponsePanel;

class AnnotatePage : public QWidget {
    Q_OBJECT

public:
    explicit AnnotatePage(QWidget* parent = nullptr);

    // --- queue: a list that grows. `setQueue` replaces it, `appendQueue` adds the next page; `more`: there are rows
    // after these. Rows come in the order shown. The counts stand on the filter chips.
    void setQueue(const std::vector<annotate::ResponseSummary>& rows, bool more);
    void appendQueue(const std::vector<annotate::ResponseSummary>& rows, bool more);
    void updateQueueRow(const annotate::ResponseSummary& row);  // unknown id: ignored
    void setQueueCounts(const annotate::QueueCounts& counts);
    void setProgress(int judgedByYou, double perHour);                   // perHour < 0: too early to say
    void setQuery(annotate::QueueFilter filter, const QString& search);  // silently; queueQueryChanged is not emitted
    annotate::QueueFilter filter() const;
    QString searchText() const;

    // --- the item on screen. `position` counts from 1 (0: unknown). Setting the item already shown (after an undo, a
    // save) keeps the caret, the scores and the focus. A new item clears scores and hand marks and asks for scores by
    // judgmentEdited only when the person types: the controller scores a new item by itself.
    void setItem(const annotate::ResponseItem& item, int position, int total);
    void clearItem();  // nothing to show under this filter: an empty state says so
    // Nothing is left to do: says what was done, and what comes next.
    void showAllDone(const annotate::QueueCounts& counts);
    std::optional<annotate::ResponseId> currentId() const;
    QString judgmentText() const;  // as typed, including what was not submitted

    // --- scores. Ignored when `id` is not on screen. Typing marks the paint stale; new scores end that.
    void setScores(annotate::ResponseId id, const annotate::TokenScores& scores);
    void setScoresStale(bool stale);  // a request is under way for a newer text
    void
    setScoreProblem(const QString& sentence);  // why there are no scores ("The worker is restarting."); empty: none
    void setLambda(double lambda);             // silently, as the next
    void setThreshold(const annotate::Threshold& threshold);
    double lambda() const;

    // --- the rest
    void setSaved(const SavedState& state);
    void setGuidelines(const QString& text);  // empty hides the panel
    void setFreshInstructions(int count);     // that nobody has answered: what there is to do when nothing is
    void setReadOnly(bool readOnly);          // a project that can't be written: it is looked at only
    void focusJudgment();                     // puts the caret into the judgment box
    void focusCorrection();                   // opens the corrected response; from there back to the judgment
    void focusResponse();                     // where a new item starts: keys are verdicts, letters are the judgment
    // A hint of the first minute; which: "judge" (over the judgment), "lit" (at the first flagged token).
    void showHint(const QString& which, const QString& text);
    void hideHint();
    QString shownHint() const { return m_hintKind; }  // empty: none
    void showKeys();                                  // the `?` overlay

Q_SIGNALS:
    void queueQueryChanged(stet::annotate::QueueFilter filter, const QString& search);
    void moreQueueWanted(stet::annotate::ResponseId afterLast);  // the list was scrolled near its end
    void openRequested(stet::annotate::ResponseId id);           // chosen in the list
    void previousRequested(stet::annotate::ResponseId from);
    void nextRequested(stet::annotate::ResponseId from);

    void judgmentEdited(stet::annotate::ResponseId id, const QString& text);  // every key; the controller waits 200 ms
    void revisionEdited(stet::annotate::ResponseId id, const QString& text);  // empty: there is to be none
    // Submit and next: by Ctrl+Enter, and by the one key that accepts or skips. `judgment` is the text when criticised,
    // empty otherwise (the typed text stays as a draft). `revision`: the corrected response, empty to have none any
    // more; nullopt: what is stored or typed of it stays as it is.
    void submitted(stet::annotate::ResponseId id, stet::annotate::Verdict verdict, const QString& judgment,
                   const std::optional<QString>& revision = std::nullopt);
    void marksChanged(stet::annotate::ResponseId id, const std::vector<stet::annotate::Mark>& marks);
    void bookmarkToggled(stet::annotate::ResponseId id, bool bookmarked);
    void trashRequested(stet::annotate::ResponseId id);
    void restoreRequested(stet::annotate::ResponseId id);  // out of the trash
    void draftRequested(stet::annotate::ResponseId id);    // the model is to suggest a judgment
    void draftsRequested();                                // … of the next that wait
    void draftDropped(stet::annotate::ResponseId id);      // the suggestion is not wanted
    void trainRequested();                                 // all is judged: on to Rounds

    void lambdaChanged(double lambda);       // while it moves: repaint only
    void lambdaCommitted(double lambda);     // let go: worth storing
    void falseAlarmRateChosen(double rate);  // 0: λ by hand from now on
    void undoRequested();                    // nothing left to undo inside the text box
    void redoRequested();
    void saveNowRequested();
    void responsesWanted();  // from the empty state: let the model answer

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool focusNextPrevChild(bool next) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void build();
    void connectPanels();
    void addKeys();
    void submit();
    bool isMeant(const QString& judgment);
    void giveVerdict(annotate::Verdict verdict);
    void followText();
    void showCorrection(bool sameResponse);
    void takeCorrection();
    bool isCorrecting() const;
    std::optional<QString> revisionToSubmit(annotate::Verdict verdict) const;
    bool composeJudgment(QEvent* event);
    void updateCoach();
    void arrangeInspector();
    void toggleDrawer();
    void placeDrawer();
    void placeHint();
    void showScores();
    void showCentre(bool item);
    void sayWhyEmpty();
    void takeJudgmentEdit();
    void takeMarks(const std::vector<annotate::Mark>& marks);
    std::vector<annotate::TextRange> unlitQuotes() const;
    void markQuoted();
    void quote(const QString& text);
    void takeLambda(double lambda);
    void toggleBookmark();
    void trashOrRestore();
    void retranslate();
    void addKey(int action, void (AnnotatePage::*slot)());
    void openPrevious();
    void openNext();
    void accept();
    void criticise();
    void skip();
    void focusSearch();
    void requestDraft();

    QSplitter* m_splitter = nullptr;
    QueuePanel* m_queue = nullptr;
    ResponsePanel* m_response = nullptr;
    JudgmentPanel* m_judgment = nullptr;
    InspectorPanel* m_inspector = nullptr;
    HintBubble* m_hint = nullptr;
    KeyOverlay* m_keys = nullptr;
    QToolButton* m_drawerButton = nullptr;
    QWidget* m_centre = nullptr;
    EmptyState* m_empty = nullptr;
    QString m_hintKind;
    bool m_readOnly = false;
    bool m_settingText = false;           // the program changes the text, not the person
    bool m_criticising = false;           // by its key: also without words
    std::optional<QString> m_askedAbout;  // the judgment that was asked about, very short; the next Submit means it
    bool m_splitterMoved = false;         // by hand: its widths are the person's
    std::optional<annotate::ResponseItem> m_item;
    std::optional<annotate::TokenScores> m_scores;
    bool m_inTrash = false;
    int m_fresh = 0;
    std::optional<annotate::QueueCounts> m_allDone;  // what the empty state says then
};

}  // namespace stet::ui
