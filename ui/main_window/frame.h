// The window around the pages, as those see it who fill one page: notices, hints, the bar of a running round, the
// status line. MainWindow is the real one. GUI thread.
#pragma once

#include "ui/common/saved_state.h"

#include <QString>

#include <optional>
#include <vector>

namespace stet::ui {

enum class Page { Annotate, Rounds, Compare, Project };

// A running round as the rail shows it.
struct RoundBar {
    int round = 0;
    QString phase;  // in words
    int done = 0;
    int total = 0;            // 0: not known
    double secondsLeft = -1;  // negative: not known
    bool paused = false;
    bool training = true;  // then the numbers speak for themselves; else the phase stands over them
};

// A sentence over the page with up to three buttons. Stays until a button or × is pressed or dismiss(id) is called;
// the same id replaces.
struct Notice {
    enum class Level { Info, Good, Warning, Problem };
    struct Action {
        QString id;
        QString text;
    };
    QString id;
    Level level = Level::Info;
    QString text;
    std::vector<Action> actions;
};

class Frame {
public:
    virtual ~Frame() = default;

    virtual void setPage(Page page) = 0;  // as Ctrl+1 … Ctrl+4
    virtual void setRoundBar(const std::optional<RoundBar>& bar) = 0;
    virtual void setSaved(const SavedState& state) = 0;                  // also handed to the Annotate page
    virtual void setModelLine(const QString& modelName, int round) = 0;  // round 0: base
    virtual void notify(const Notice& notice) = 0;
    virtual void dismiss(const QString& noticeId) = 0;
    // Hints of the first minute: shown once per id ("judge", "lit", "train", "compare"). False: seen before.
    virtual bool showHint(const QString& id) = 0;
    virtual void hideHints() = 0;

protected:
    Frame() = default;
    Frame(const Frame&) = default;
    Frame& operator=(const Frame&) = default;
};

}  // namespace stet::ui
