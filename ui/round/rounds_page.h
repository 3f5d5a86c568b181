// Rounds: the chain of cards from the base model on, what will train, one button to start, progress, curves, failures.
//
// Made and owned by MainWindow; fed by app/session's round controller. GUI thread only; values in, signals out.
#pragma once

#include "annotate/judgment/types.h"

#include <QString>
#include <QWidget>

#include <optional>
#include <vector>

class QLabel;
class QPushButton;

namespace stet::ui {

class BaselinesPanel;
class RoundAlertsPanel;
class RoundChain;
class RoundCurves;
class RoundFailureCard;
class RoundPlanPanel;
class RoundProgressPanel;
class RoundSettingsPanel;
class TakeAlongPanel;
class TalkPanel;

// What a running round does now; shown in words.
enum class RoundPhase { Checking, Loading, Scoring, Training, Saving, Evaluating };

struct RoundProgress {
    int round = 0;
    RoundPhase phase = RoundPhase::Checking;
    int done = 0;             // steps, or examples while they are scored
    int total = 0;            // 0: not known
    double secondsLeft = -1;  // negative: not known yet
    bool paused = false;
    bool keepable = false;  // something has been trained that stopping could keep
};

// A round that failed: what happened, to what, what to do now.
struct RoundFailure {
    int round = 0;
    QString cause;    // one or two words: "Memory", "Data", "Disk", "Not a number", "Worker lost", "Stopped by you"
    QString message;  // a sentence with the next step
    QStringList logLines;  // the last lines of the log, oldest first
    struct Remedy {
        QString id;    // comes back in remedyChosen
        QString text;  // on the button: "Try again with half the length"
    };
    std::vector<Remedy> remedies;
};

class RoundsPage : public QWidget {
    Q_OBJECT

public:
    explicit RoundsPage(QWidget* parent = nullptr);

    // All rounds without the base (number 0 is drawn by the page), in order. `current`: the adopted one, 0 = base.
    void setRounds(const std::vector<annotate::RoundRecord>& rounds, int current);
    // Another project: nothing of the one before stays. `current` is where its next round starts.
    void clear(int current);
    // The preview. nullopt: being computed. `obstacle`: why a round can't start now ("No response is criticised yet.").
    void setPlan(const std::optional<annotate::RoundPlan>& plan, const QString& obstacle = {});
    void setPreset(const QString& preset);  // a name of base/presets.h; silently
    RoundSettingsPanel* settings() const;

    // While a round runs, or waits paused: then the key that starts a round goes on with it. nullopt: neither.
    void setProgress(const std::optional<RoundProgress>& progress);
    void setSteps(int round, const std::vector<annotate::RoundStep>& steps);  // replaces the curves; empty hides them
    void addStep(const annotate::RoundStep& step);
    void setFailure(const std::optional<RoundFailure>& failure);
    TakeAlongPanel* takeAlong() const { return m_takeAlong; }
    TalkPanel* talk() const { return m_talk; }
    BaselinesPanel* baselines() const { return m_baselines; }
    // A sentence over the chain: "3 of 60 examples were truncated …"; empty hides it.
    void setRemark(const QString& sentence);

Q_SIGNALS:
    void startRequested(int parent, const QString& preset);
    void presetChanged(const QString& preset);  // the plan should be computed again
    void lookedAt(int round);                   // a card was chosen: its curves are wanted
    void parentChosen(int parent);              // so it should: the next round starts elsewhere
    void pauseRequested(int round);
    void resumeRequested(int round);
    void stopRequested(int round, bool keep);
    void saveNowRequested(int round);
    void compareRequested(int round);
    void adoptRequested(int round);  // 0: back to the base model
    void discardRequested(int round);
    void remedyChosen(int round, const QString& id);
    void failureDismissed(int round);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void holdOneForTheOther();

    RoundChain* m_chain = nullptr;
    RoundPlanPanel* m_plan = nullptr;
    RoundProgressPanel* m_progress = nullptr;
    RoundCurves* m_curves = nullptr;
    RoundFailureCard* m_failure = nullptr;
    TakeAlongPanel* m_takeAlong = nullptr;
    TalkPanel* m_talk = nullptr;
    BaselinesPanel* m_baselines = nullptr;
    QPushButton* m_openBaselines = nullptr;
    bool m_training = false;           // a round is under way, or waits paused
    bool m_trainingBaselines = false;  // either waits for the other
    RoundAlertsPanel* m_alerts = nullptr;
    QLabel* m_remark = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_curvesName = nullptr;
    int m_curvesRound = 0;
    int m_paused = 0;  // the round that waits to go on; 0: none
};

QString phaseInWords(RoundPhase phase);

}  // namespace stet::ui
