#include "app/session/draft_keeper.h"

#include "app/session/convert.h"

namespace stet::app {

using namespace annotate;

namespace {

constexpr int kPauseMs = 250;
constexpr int kLimitMs = 1000;
constexpr int kRetryMs = 3000;

}  // namespace

DraftKeeper::DraftKeeper(StoreThread& store, Save save, QObject* parent) : QObject(parent), m_store(store), m_save(save)
{
    const auto timer = [this](QTimer& t, int ms) {
        t.setSingleShot(true);
        t.setInterval(ms);
        connect(&t, &QTimer::timeout, this, &DraftKeeper::write);
    };
    timer(m_pause, kPauseMs);
    timer(m_limit, kLimitMs);
    timer(m_retry, kRetryMs);
}

void DraftKeeper::edit(ResponseId id, const std::string& text)
{
    Words& words = m_words[id];
    words.text = text;
    words.version = ++m_version;
    m_pause.start();
    if (!m_limit.isActive()) {
        m_limit.start();
    }
    Q_EMIT edited();
}

void DraftKeeper::write()
{
    m_pause.stop();
    m_limit.stop();
    m_retry.stop();
    for (auto& [id, words] : m_words) {
        send(id, words);
    }
}

void DraftKeeper::drop(ResponseId id)
{
    m_words.erase(id);
}

std::optional<std::string> DraftKeeper::words(ResponseId id) const
{
    const auto it = m_words.find(id);
    return it == m_words.end() ? std::nullopt : std::optional(it->second.text);
}

// One write of a response at a time; the next starts with what was typed meanwhile.
void DraftKeeper::send(ResponseId id, Words& words)
{
    if (words.onTheWay) {
        return;
    }
    words.onTheWay = true;
    Q_EMIT writing();
    m_store.ask<ResponseSummary>(
        Priority::Write,
        [id, save = m_save, text = words.text](Project& project) {
            (project.*save)(id, text);
            return project.summary(id);
        },
        [this, id, version = words.version](const ResponseSummary& row) {
            arrived(id, version);
            Q_EMIT saved(row);
        },
        [this, id](const FailureReport& report) {
            keepOn(id, m_retry);
            Q_EMIT failed(qstr(report.message));
        });
}

void DraftKeeper::arrived(ResponseId id, std::uint64_t version)
{
    const auto it = m_words.find(id);
    if (it != m_words.end() && it->second.version == version) {
        m_words.erase(it);
    } else {
        keepOn(id, m_limit);  // there are newer words
    }
}

void DraftKeeper::keepOn(ResponseId id, QTimer& next)
{
    const auto it = m_words.find(id);
    if (it != m_words.end()) {
        it->second.onTheWay = false;
        next.start();
    }
}

}  // namespace stet::app
