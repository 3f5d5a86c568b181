// Responses by a model of the project: asked of the worker a few at a time, stored as they come, so that nothing
// written is lost whatever ends it; shown while they grow; stopped, and taken up again. GUI thread.
#pragma once

#include "app/session/answer_stream.h"
#include "app/session/latest_request.h"
#include "app/session/session_context.h"
#include "ui/project/generate_panel.h"
#include "workflow/generation.h"

#include <QElapsedTimer>
#include <QObject>

#include <memory>
#include <optional>

namespace stet::app {

class GenerationController : public QObject {
    Q_OBJECT

public:
    GenerationController(const SessionContext& session, ui::GeneratePanel& panel, QObject* parent);

    void open();     // one that was interrupted is offered
    void refresh();  // rounds and fresh instructions
    bool isRunning() const { return m_starting || m_running.has_value(); }
    // The online loop's next queue: fresh instructions, answered by the adopted round.
    void nextRound();
    void takeNoticeAction(const QString& notice, const QString& action);

Q_SIGNALS:
    void nextRoundBegun();                              // its responses will come into the queue
    void written(stet::annotate::ResponseId response);  // it is to do
    void ended();
    void freshCounted(int instructions);
    void instructionsNeeded();  // there is none that nobody has answered

private:
    // Which instructions the worker has before it.
    struct Running {
        std::shared_ptr<const workflow::Generation> generation;
        std::size_t part = 0;
        std::size_t next = 0;  // of the part's instructions
        int done = 0;
    };

    void start(const ui::GenerateChoice& choice, bool nextRound = false);
    void begin(std::function<workflow::GenerationWish(annotate::Project&)> wish, bool nextRound = false);
    std::optional<contract::GenerateRequest> nextRequest();
    void take(const contract::GeneratedLine& line);
    void stop();
    void end(const QString& problem);
    void showProgress();
    QString author() const;

    SessionContext m_session;
    ui::GeneratePanel& m_panel;
    AnswerStream m_answers;
    LatestRequest m_refresh;
    QElapsedTimer m_clock;
    std::optional<Running> m_running;
    bool m_starting = false;
    bool m_quiet = false;  // the notice was put away by the person
    int m_fresh = 0;
};

}  // namespace stet::app
