// Judgments drafted by the loaded model: of the response on screen, or of the next that wait. Each is the project's as
// soon as it is there, as a suggestion; stopped at any time. A model without a chat template isn't asked, and one whose
// answers are no judgments is left alone after a few. GUI thread.
#pragma once

#include "app/session/answer_stream.h"
#include "app/session/session_context.h"
#include "contract/model.h"
#include "ui/annotate/annotate_page.h"
#include "workflow/drafting.h"

#include <QObject>

#include <memory>
#include <optional>
#include <vector>

namespace stet::app {

class DraftController : public QObject {
    Q_OBJECT

public:
    DraftController(const SessionContext& session, ui::AnnotatePage& page, QObject* parent);

    void modelDescribed(const contract::ModelDescription& description) { m_chats = description.chatTemplate; }
    bool isRunning() const { return m_starting || m_running.has_value(); }
    void takeNoticeAction(const QString& notice, const QString& action);

Q_SIGNALS:
    void drafted(stet::annotate::ResponseId response);  // it has a suggestion now

private:
    struct Plan {
        workflow::Drafting drafting;
        std::vector<contract::Example> questions;
    };
    struct Running {
        std::shared_ptr<const Plan> plan;
        std::size_t next = 0;  // of its questions
        workflow::DraftTally tally = {};
        annotate::DraftReading::Kind last = annotate::DraftReading::Kind::Empty;
    };

    void start(const std::optional<annotate::ResponseId>& one);
    void begin(const std::shared_ptr<const Plan>& plan);
    std::optional<contract::GenerateRequest> nextRequest();
    void take(const contract::GeneratedLine& line);
    void taken(const workflow::DraftTaken& draft);
    void stop();
    void end(const QString& problem);
    void sayWhatCame();
    void showProgress();
    void say(ui::Notice::Level level, const QString& text);

    SessionContext m_session;
    AnswerStream m_answers;
    std::optional<Running> m_running;
    bool m_starting = false;
    bool m_chats = false;
};

}  // namespace stet::app
