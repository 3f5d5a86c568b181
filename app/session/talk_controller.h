// "Talk to it": the worker answers an instruction as the base model and as a round, one behind the other, and the panel
// shows both while they are written. Only an answer that is put into the queue comes into the project. GUI thread.
#pragma once

#include "app/session/session_context.h"
#include "ui/round/talk_panel.h"
#include "workflow/talk.h"

#include <QObject>

#include <array>
#include <optional>

namespace stet::app {

class TalkController : public QObject {
    Q_OBJECT

public:
    TalkController(const SessionContext& session, ui::TalkPanel& panel, QObject* parent);
    ~TalkController() override;

Q_SIGNALS:
    void kept(stet::annotate::ResponseId response);  // it is in the queue now

private:
    using Side = ui::TalkPanel::Side;
    struct Speech {
        std::optional<std::int64_t> request;  // under way
        QString text;
        std::optional<workflow::Answer> answer;
    };

    void ask(int round, const QString& instruction);
    void send(Side side, int round, const std::string& instruction, const contract::GenerateRequest& request);
    void hear(const QString& name, const std::string& params);
    void answered(Side side, const WorkerReply& reply);
    void stop();
    void keep(Side side);

    SessionContext m_session;
    ui::TalkPanel& m_panel;
    std::array<Speech, 2> m_speeches;
    int m_turn = 0;  // of what was asked before nothing is heard any more
};

}  // namespace stet::app
