#include "app/session/talk_controller.h"

#include "app/session/convert.h"
#include "app/worker/received.h"

#include <utility>

namespace stet::app {

using namespace annotate;
namespace method = contract::method;

TalkController::TalkController(const SessionContext& session, ui::TalkPanel& panel, QObject* parent)
    : QObject(parent), m_session(session), m_panel(panel)
{
    panel.clear();
    connect(&panel, &ui::TalkPanel::asked, this, &TalkController::ask);
    connect(&panel, &ui::TalkPanel::stopRequested, this, &TalkController::stop);
    connect(&panel, &ui::TalkPanel::keepRequested, this, [this](int side) { keep(static_cast<Side>(side)); });
    connect(&session.worker, &WorkerRequests::notified, this, &TalkController::hear);
}

TalkController::~TalkController()
{
    stop();
}

void TalkController::ask(int round, const QString& instruction)
{
    m_speeches = {};
    struct Asks {
        contract::GenerateRequest base;
        contract::GenerateRequest round;
    };
    const int turn = ++m_turn;
    const std::string text = instruction.toStdString();
    m_session.store.ask<Asks>(
        Priority::Read,
        [round, text](Project& project) {
            return Asks{workflow::askOf(project, 0, text), workflow::askOf(project, round, text)};
        },
        [this, turn, round, text](const Asks& asks) {
            if (turn == m_turn) {
                send(Side::Base, 0, text, asks.base);
                send(Side::Round, round, text, asks.round);
            }
        },
        [this, turn](const FailureReport& report) {
            if (turn == m_turn) {
                m_panel.setEnded(qstr(report.message));
            }
        });
}

void TalkController::send(Side side, int round, const std::string& instruction,
                          const contract::GenerateRequest& request)
{
    Speech& speech = m_speeches[side];
    speech.answer = workflow::Answer{round, instruction, {}};
    speech.request = m_session.worker.request(method::kGenerate, toJson(request), this,
                                              [this, side, turn = m_turn](const WorkerReply& reply) {
                                                  if (turn == m_turn) {
                                                      answered(side, reply);
                                                  }
                                              });
}

void TalkController::hear(const QString& name, const std::string& params)
{
    const bool grows = name == QLatin1String(method::kGenerateText);
    if (!grows && name != QLatin1String(method::kGenerateItem)) {
        return;
    }
    const Json json = Json::parse(params, nullptr, false);
    const auto request = json.find("request");
    for (const Side side : {Side::Base, Side::Round}) {
        Speech& speech = m_speeches[side];
        if (!speech.request || request == json.end() || *request != *speech.request) {
            continue;
        }
        if (grows) {
            speech.text += qstr(received<contract::GeneratedPiece>(json, method::kGenerateText).text);
            m_panel.setText(side, speech.text);
        } else {
            speech.answer->line = received<contract::GeneratedLine>(json, method::kGenerateItem);
            m_panel.setAnswer(side, qstr(speech.answer->line.output));
        }
    }
}

void TalkController::answered(Side side, const WorkerReply& reply)
{
    m_speeches[side].request.reset();
    if (const auto* report = std::get_if<FailureReport>(&reply)) {
        stop();
        m_panel.setEnded(qstr(report->message));
    } else if (!m_speeches[Side::Base].request && !m_speeches[Side::Round].request) {
        m_panel.setEnded({});
    }
}

// What is whole stays, and can be kept.
void TalkController::stop()
{
    ++m_turn;
    for (Speech& speech : m_speeches) {
        if (speech.request) {
            m_session.worker.cancel(*std::exchange(speech.request, std::nullopt));
        }
    }
    m_panel.setEnded({});
}

void TalkController::keep(Side side)
{
    const auto& answer = m_speeches[side].answer;
    if (!answer) {
        return;
    }
    m_session.store.ask<ResponseId>(
        Priority::Write, [answer = *answer](Project& project) { return workflow::keepAnswer(project, answer); },
        [this, side, turn = m_turn](ResponseId id) {
            if (turn == m_turn) {
                m_panel.setKept(side);
            }
            Q_EMIT kept(id);
        },
        m_session.reportFailure());
}

}  // namespace stet::app
