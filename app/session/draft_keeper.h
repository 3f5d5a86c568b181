// Words typed and not yet on the disk. They reach the store 250 ms after the last key and at most 1 s after the first
// unsaved one, and are held here until the store has them, whatever response is on screen by then: a write that failed
// is tried again every 3 s. One for judgments, one for corrected responses. Owned by AnnotateController; GUI thread.
#pragma once

#include "annotate/store/edit_history.h"
#include "annotate/store/store_thread.h"

#include <QObject>
#include <QTimer>

#include <map>
#include <optional>
#include <string>

namespace stet::app {

class DraftKeeper : public QObject {
    Q_OBJECT

public:
    using Save = void (annotate::EditHistory::*)(annotate::ResponseId id, const std::string& text);

    DraftKeeper(annotate::StoreThread& store, Save save, QObject* parent);  // of judgments: &EditHistory::saveDraft

    void edit(annotate::ResponseId id, const std::string& text);
    void write();                        // what is held, now
    void drop(annotate::ResponseId id);  // its words were submitted
    bool empty() const { return m_words.empty(); }
    // Newer than the store's; nullopt: the store has the newest.
    std::optional<std::string> words(annotate::ResponseId id) const;

Q_SIGNALS:
    void edited();  // something is not saved yet
    void writing();
    void saved(const stet::annotate::ResponseSummary& row);
    void failed(const QString& problem);

private:
    struct Words {
        std::string text;
        std::uint64_t version = 0;
        bool onTheWay = false;
    };

    void send(annotate::ResponseId id, Words& words);
    void arrived(annotate::ResponseId id, std::uint64_t version);
    void keepOn(annotate::ResponseId id, QTimer& next);

    annotate::StoreThread& m_store;
    Save m_save;
    std::map<annotate::ResponseId, Words> m_words;
    std::uint64_t m_version = 0;
    QTimer m_pause;  // restarted by every key
    QTimer m_limit;  // from the first unsaved key
    QTimer m_retry;
};

}  // namespace stet::app
