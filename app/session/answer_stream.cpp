#include "app/session/answer_stream.h"

#include "app/session/convert.h"
#include "app/worker/received.h"
#include "contract/message.h"

#include <utility>

namespace stet::app {

namespace method = contract::method;

AnswerStream::AnswerStream(WorkerRequests& worker, QObject* parent) : QObject(parent), m_worker(worker)
{
    connect(&worker, &WorkerRequests::notified, this, &AnswerStream::hear);
}

AnswerStream::~AnswerStream()
{
    stop();
}

void AnswerStream::start(Next next)
{
    stop();
    m_next = std::move(next);
    m_running = true;
    ask();
}

void AnswerStream::stop()
{
    ++m_run;
    if (std::exchange(m_running, false)) {
        m_worker.cancel(m_request);
    }
}

void AnswerStream::ask()
{
    m_growing.clear();
    m_text.clear();
    const auto request = m_next();
    if (!request) {
        m_running = false;
        Q_EMIT ended({});
        return;
    }
    m_request =
        m_worker.request(method::kGenerate, toJson(*request), this, [this, run = m_run](const WorkerReply& reply) {
            if (run == m_run) {
                replied(reply);
            }
        });
    Q_EMIT asked();
}

void AnswerStream::hear(const QString& name, const std::string& params)
{
    const bool grows = name == QLatin1String(method::kGenerateText);
    if (!m_running || (!grows && name != QLatin1String(method::kGenerateItem))) {
        return;
    }
    const Json json = Json::parse(params, nullptr, false);
    if (const auto request = json.find("request"); request == json.end() || *request != m_request) {
        return;  // of one that was stopped
    }
    if (grows) {
        grow(received<contract::GeneratedPiece>(json, method::kGenerateText));
        return;
    }
    const auto line = received<contract::GeneratedLine>(json, method::kGenerateItem);
    if (line.id.dump() == m_growing) {
        m_growing.clear();
        m_text.clear();
    }
    Q_EMIT answered(line);
}

void AnswerStream::grow(const contract::GeneratedPiece& piece)
{
    const std::string id = piece.id.dump();
    if (m_growing.empty()) {
        m_growing = id;
    }
    if (m_growing == id) {
        m_text += qstr(piece.text);
        Q_EMIT grew(m_text);
    }
}

void AnswerStream::replied(const WorkerReply& reply)
{
    if (std::holds_alternative<Json>(reply)) {
        ask();
        return;
    }
    m_running = false;
    const auto* report = std::get_if<FailureReport>(&reply);
    Q_EMIT ended(report == nullptr ? QString() : qstr(report->message));
}

}  // namespace stet::app
