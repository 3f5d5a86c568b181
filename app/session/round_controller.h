// Rounds: what will train, one press, progress and curves, pause, resume, stop, failures; then Compare. GUI thread.
#pragma once

#include "app/session/project_access.h"
#include "app/session/round_preview.h"
#include "ui/round/rounds_page.h"

#include <QObject>

#include <optional>

namespace stet::app {

class RoundController : public QObject {
    Q_OBJECT

public:
    RoundController(ProjectAccess& access, QObject* parent);

    void open();         // rounds of the project; one that was interrupted is offered to resume
    void planChanged();  // judgments or settings changed: preview again, soon
    void setVisible(bool visible) { m_preview.setVisible(visible); }  // the page is looked at
    bool isRunning() const { return m_running.has_value(); }
    // Checkpoints a running round; `done` comes when it has.
    void pauseForClosing(std::function<void()> done);
    void adopt(int round);
    void discard(int round);

Q_SIGNALS:
    void finished(int round);  // trained: compare it
    void adopted(int round);
    void roundsChanged();
    void contrastChanged();  // another preset compares other probabilities: the heat-map shows what will train

private:
    struct Running {
        annotate::RoundRecord record;
        ui::RoundPhase phase = ui::RoundPhase::Checking;
        double secondsLeft = -1;
        std::int64_t request = 0;
    };

    ui::RoundsPage& page() const;
    void connectPage();
    void takeUpInterrupted();
    static QString causeOf(FailureKind kind);
    void reload();
    void start(int parent, const QString& preset);
    void run(const annotate::RoundRecord& record);
    void progress(const Json& params);
    void ended(const WorkerReply& reply);
    void store(const annotate::RoundRecord& record);
    void showProgress();
    void sendStop(const char* how);
    std::string folderOf(int round) const;

    ProjectAccess& m_access;
    RoundPreview m_preview;
    std::optional<Running> m_running;
    std::vector<annotate::RoundRecord> m_rounds;
    std::function<void()> m_closing;
};

}  // namespace stet::app
