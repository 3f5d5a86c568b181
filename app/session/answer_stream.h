// Answers of the loaded model, asked for a few at a time, so that a round or a comparison gets its turn between two
// requests; heard as they come, and while they grow. What responses to instructions and drafted judgments share. One
// stream at a time; owned by its controller; GUI thread.
#pragma once

#include "app/worker/worker_requests.h"
#include "contract/generate.h"

#include <QObject>
#include <QString>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace stet::app {

class AnswerStream : public QObject {
    Q_OBJECT

public:
    static constexpr std::size_t kItemsAtOnce = 16;
    // The next few questions; nullopt: all were asked.
    using Next = std::function<std::optional<contract::GenerateRequest>()>;

    AnswerStream(WorkerRequests& worker, QObject* parent);
    ~AnswerStream() override;

    void start(Next next);
    void stop();  // nothing more of it is heard, `ended` neither
    bool isRunning() const { return m_running; }

Q_SIGNALS:
    void asked();  // the next few
    void answered(const stet::contract::GeneratedLine& line);
    void grew(const QString& text);      // of several that grow at once the one that began first
    void ended(const QString& problem);  // empty: nothing went wrong

private:
    void ask();
    void hear(const QString& name, const std::string& params);
    void grow(const contract::GeneratedPiece& piece);
    void replied(const WorkerReply& reply);

    WorkerRequests& m_worker;
    Next m_next;
    bool m_running = false;
    std::uint64_t m_run = 0;  // replies of those before are passed over
    std::int64_t m_request = 0;
    std::string m_growing;  // the id of the answer whose text is told
    QString m_text;
};

}  // namespace stet::app
