// Rounds: what will train, one press, progress and curves, pause, resume, stop, failures; then Compare. GUI thread.
#pragma once

#include "app/session/round_preview.h"
#include "app/session/round_settings_controller.h"
#include "app/session/session_context.h"
#include "contract/round.h"
#include "ui/round/rounds_page.h"
#include "workflow/round_run.h"

#include <QObject>

#include <optional>

namespace stet::app {

class RoundController : public QObject {
    Q_OBJECT

public:
    RoundController(const SessionContext& session, ui::RoundsPage& page, QObject* parent);

    void open();    // rounds of the project; one that was interrupted is offered to resume
    void reload();  // the rounds are shown as they are recorded now
    void modelLoaded() { m_preview.changed(); }
    void setVisible(bool visible) { m_preview.setVisible(visible); }  // the page is looked at
    void resumePaused();                                              // as the notice of an interrupted round offers
    bool isRunning() const { return m_starting || m_running.has_value(); }
    // Checkpoints a running round; `done` comes when it has.
    void pauseForClosing(std::function<void()> done);
    void adopt(int round);
    void discard(int round);

Q_SIGNALS:
    void finished(int round);  // trained
    void compareRequested(int round);

private:
    struct Running {
        annotate::RoundRecord record;
        std::string folder;
        ui::RoundPhase phase = ui::RoundPhase::Checking;
        double secondsLeft = -1;
        int scored = 0;  // examples, before the first step
        int toScore = 0;
    };

    void connectPage();
    void offerToResume(const annotate::RoundRecord& round);
    void choosePreset(const QString& preset);
    void start(int parent, const QString& preset);
    void resume(int round);
    void goOn(int round, bool keep);  // keep: it is finished with what its checkpoint holds
    void run(const std::function<annotate::RoundRecord(annotate::Project&)>& begin, bool keep = false);
    void askWorker(const Running& running, bool keep);
    void progress(const contract::RoundProgress& told);
    void ended(const WorkerReply& reply);
    void recordEnd(int round, const workflow::RoundEnd& end, const std::optional<FailureReport>& failure);
    void showFailure(const annotate::RoundRecord& round, const FailureReport& report);
    void showRounds(std::vector<annotate::RoundRecord> rounds);
    void showProgress();
    void showCurves(int round);
    void showPaused(const annotate::RoundRecord& round);
    const annotate::RoundRecord* paused() const;  // the newest; nullptr: none
    void sendStop(const char* how);

    SessionContext m_session;
    ui::RoundsPage& m_page;
    RoundPreview m_preview;
    RoundSettingsController m_settings;
    bool m_starting = false;  // on its way through the store
    std::optional<Running> m_running;
    std::vector<annotate::RoundRecord> m_rounds;
    std::function<void()> m_closing;
    int m_curvesOf = 0;      // the round whose curves are shown; 0: none
    LatestRequest m_curves;  // of the round looked at last
};

}  // namespace stet::app
