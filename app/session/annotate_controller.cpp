#include "app/session/annotate_controller.h"

#include "app/session/convert.h"

#include <QTime>

#include <utility>

namespace stet::app {

using namespace annotate;

namespace {

constexpr int kPageRows = 200;
constexpr int kPlaceMs = 1500;
constexpr const char* kPlace = "place";  // the setting: the response that was on screen last

// Where one was, else what is to do.
std::optional<ResponseId> placeIn(const Project& project)
{
    const ResponseId last{static_cast<std::int64_t>(project.number(kPlace, 0))};
    if (last.value > 0 && project.item(last) && project.position(last) > 0) {
        return last;
    }
    const auto open = project.firstOpen();
    return open ? open : project.neighbour({0}, true, QueueFilter::All, {});
}

// After a verdict: what is to do, also before it in the list. Under another filter than these its own next.
std::optional<ResponseId> nextToDo(const Project& project, ResponseId from, QueueFilter filter,
                                   const std::string& search)
{
    if (filter != QueueFilter::All && filter != QueueFilter::Open) {
        return project.neighbour(from, true, filter, search);
    }
    const auto next = project.neighbour(from, true, QueueFilter::Open, search);
    return next ? next : project.neighbour({0}, true, QueueFilter::Open, search);
}

}  // namespace

struct AnnotateController::Snapshot {
    std::optional<ResponseItem> item;
    int position = 0;
    QueueCounts counts;
    AnnotatorProgress progress;
    std::vector<std::string> others;
};

AnnotateController::AnnotateController(const SessionContext& session, ui::AnnotatePage& page, QObject* parent)
    : QObject(parent)
    , m_session(session)
    , m_page(page)
    , m_drafts(session.store, &EditHistory::saveDraft, this)
    , m_corrections(session.store, &EditHistory::saveRevisionDraft, this)
    , m_scores(session, page, this)
{
    for (const DraftKeeper* drafts : {&m_drafts, &m_corrections}) {
        connect(drafts, &DraftKeeper::edited, this, [this] { setSaved(ui::SavedState::Kind::Unsaved); });
        connect(drafts, &DraftKeeper::writing, this, [this] { setSaved(ui::SavedState::Kind::Saving); });
        connect(drafts, &DraftKeeper::saved, this, [this](const ResponseSummary& row) {
            m_page.updateQueueRow(row);
            stored();
        });
        connect(drafts, &DraftKeeper::failed, this, &AnnotateController::notStored);
    }
    m_placeTimer.setSingleShot(true);
    m_placeTimer.setInterval(kPlaceMs);
    connect(&m_placeTimer, &QTimer::timeout, this, &AnnotateController::writePlace);
    page.setQuery(QueueFilter::All, {});  // another project's
    connectPage();
}

void AnnotateController::connectPage()
{
    using Page = ui::AnnotatePage;
    Page* p = &m_page;
    connect(p, &Page::queueQueryChanged, this, [this] { loadQueue(); });
    connect(p, &Page::moreQueueWanted, this, [this](ResponseId after) {
        const auto filter = m_page.filter();
        const auto search = m_page.searchText().toStdString();
        m_session.store.ask<QueuePage>(
            Priority::Read, [=](Project& project) { return project.page(filter, search, after, kPageRows); },
            [this](const QueuePage& rows) {
                m_queueComplete = !rows.more;
                m_page.appendQueue(rows.rows, rows.more);
            },
            m_session.reportFailure());
    });
    connect(p, &Page::openRequested, this, &AnnotateController::show);
    connect(p, &Page::previousRequested, this, [this](ResponseId from) { showNeighbour(from, false); });
    connect(p, &Page::nextRequested, this, [this](ResponseId from) { showNeighbour(from, true); });
    connect(p, &Page::judgmentEdited, this, &AnnotateController::edited);
    connect(p, &Page::revisionEdited, this, [this](ResponseId id, const QString& text) {
        if (m_item && id == m_item->id) {
            m_corrections.edit(id, text.toStdString());
        }
    });
    connect(p, &Page::submitted, this, &AnnotateController::submit);
    connect(p, &Page::saveNowRequested, this, &AnnotateController::flush);
    connect(p, &Page::undoRequested, this, [this] { step(true); });
    connect(p, &Page::redoRequested, this, [this] { step(false); });
    connect(p, &Page::marksChanged, this, [this](ResponseId id, const std::vector<Mark>& marks) {
        m_session.write([=](Project& project) { project.setMarks(id, marks); },
                        [this] {
                            stored();
                            m_session.state.noteJudged();
                        });
    });
    connect(p, &Page::bookmarkToggled, this, [this](ResponseId id, bool bookmarked) {
        m_session.write([=](Project& project) { project.setBookmarked(id, bookmarked); }, [this, id] { changed(id); });
    });
    const auto trash = [this](ResponseId id, bool away) {
        m_session.write([=](Project& project) { project.setTrashed(id, away); },
                        [this, id] {
                            loadQueue();
                            loadCounts();
                            showNeighbour(id, true);
                            m_session.state.noteJudged();
                        });
    };
    connect(p, &Page::trashRequested, this, [trash](ResponseId id) { trash(id, true); });
    connect(p, &Page::restoreRequested, this, [trash](ResponseId id) { trash(id, false); });
    connect(p, &Page::draftDropped, this, [this](ResponseId id) {
        m_session.write([=](Project& project) { project.dropSuggestion(id); }, [this, id] { drafted(id); });
    });
    connect(p, &Page::trainRequested, this, [this] { m_session.frame.setPage(ui::Page::Rounds); });
    connect(p, &Page::lambdaCommitted, this, [this](double lambda) {
        m_session.state.setLambda(lambda);
        m_session.write([=](Project& project) { project.chooseLambda(lambda); });
    });
    connect(p, &Page::falseAlarmRateChosen, this, [this](double rate) {
        m_session.store.ask<WhatLightsUp>(
            Priority::Write,
            [rate](Project& project) {
                project.chooseFalseAlarmRate(rate);
                return WhatLightsUp::of(project);
            },
            [this](const WhatLightsUp& now) { m_session.state.takeOver(now); }, m_session.reportFailure());
    });
    connect(&m_session.state, &SessionState::thresholdChanged, this,
            [this] { m_page.setThreshold(m_session.state.threshold()); });
}

void AnnotateController::open()
{
    m_page.setThreshold(m_session.state.threshold());
    m_page.setReadOnly(m_session.state.project().readOnly);
    loadQueue();
    m_session.store.ask<std::pair<std::string, ResponseId>>(
        Priority::Read,
        [](Project& project) {
            return std::pair(project.setting("guidelines"), placeIn(project).value_or(ResponseId{}));
        },
        [this](const std::pair<std::string, ResponseId>& first) {
            m_page.setGuidelines(qstr(first.first));
            if (first.second.value > 0) {
                show(first.second);
            } else {
                showNothing();
                loadCounts();
            }
        },
        m_session.reportFailure());
}

void AnnotateController::refresh()
{
    loadQueue();
    if (m_item) {
        show(m_item->id);
    } else {
        open();
    }
}

void AnnotateController::loadQueue()
{
    const auto filter = m_page.filter();
    const auto search = m_page.searchText().toStdString();
    m_session.store.ask<QueuePage>(
        Priority::Read, [=](Project& project) { return project.page(filter, search, {0}, kPageRows); },
        [this](const QueuePage& rows) {
            m_queueComplete = !rows.more;
            m_page.setQueue(rows.rows, rows.more);
        },
        m_session.reportFailure());
}

void AnnotateController::arrived(ResponseId response)
{
    const bool listed =
        (m_page.filter() == QueueFilter::All || m_page.filter() == QueueFilter::Open) && m_page.searchText().isEmpty();
    if (listed && m_queueComplete) {
        m_session.store.ask<ResponseSummary>(
            Priority::Read, [response](Project& project) { return project.summary(response); },
            [this](const ResponseSummary& row) { m_page.appendQueue({row}, false); }, m_session.reportFailure());
    }
    if (!m_item || std::exchange(m_awaiting, false)) {
        show(response);
    } else {
        loadCounts();
    }
}

void AnnotateController::drafted(ResponseId response)
{
    changed(response);
    if (m_item && m_item->id == response) {
        show(response);
    }
}

void AnnotateController::showToDo()
{
    m_page.setQuery(QueueFilter::Open, {});
    loadQueue();
    m_session.store.ask<std::optional<ResponseId>>(
        Priority::Read, [](Project& project) { return project.firstOpen(); },
        [this](const std::optional<ResponseId>& open) {
            m_awaiting = !open;
            if (open) {
                show(*open);
            }
        },
        m_session.reportFailure());
}

void AnnotateController::loadCounts()
{
    m_session.store.ask<Snapshot>(
        Priority::Read,
        [](Project& project) {
            Snapshot s;
            s.counts = project.counts();
            s.progress = project.progress();
            return s;
        },
        [this](const Snapshot& s) {
            m_page.setQueueCounts(s.counts);
            m_page.setProgress(s.progress.judged, s.progress.perHour);
        },
        m_session.reportFailure());
}

void AnnotateController::show(ResponseId id)
{
    writeDrafts();
    m_session.store.ask<Snapshot>(
        Priority::Read,
        [id](Project& project) {
            return Snapshot{project.item(id), project.position(id), project.counts(), project.progress(),
                            project.otherJudgments(id, project.setting("preset", "stable"))};
        },
        [this](const Snapshot& s) {
            m_page.setQueueCounts(s.counts);
            m_page.setProgress(s.progress.judged, s.progress.perHour);
            m_others = s.others;
            if (s.item) {
                showItem(*s.item, s.position, s.counts.total);
            } else {
                showNothing();
            }
        },
        m_session.reportFailure());
}

void AnnotateController::showNothing()
{
    m_item.reset();
    m_scores.leave();
    m_page.clearItem();
}

void AnnotateController::showItem(ResponseItem item, int position, int total)
{
    if (const auto words = m_drafts.words(item.id)) {
        item.draft = *words;  // typed, and not on the disk yet
    }
    if (const auto words = m_corrections.words(item.id)) {
        item.revisionDraft = *words;
    }
    const bool other = !m_item || m_item->id != item.id;
    m_item = item;
    m_page.setItem(item, position, total);
    if (other) {
        m_page.focusResponse();
    }
    if (other && item.verdict == Verdict::Open) {
        m_session.frame.showHint(QStringLiteral("judge"));
    }
    remember(item.id);
    m_scores.show(item, item.draft.value_or(item.judgment), m_others);
}

void AnnotateController::showNeighbour(ResponseId from, bool forward)
{
    const auto filter = m_page.filter();
    const auto search = m_page.searchText().toStdString();
    m_session.store.ask<std::optional<ResponseId>>(
        Priority::Read,
        [=](Project& project) {
            const auto next = project.neighbour(from, forward, filter, search);
            return next ? next : project.neighbour(from, forward, QueueFilter::All, {});
        },
        [this](const std::optional<ResponseId>& next) {
            if (next) {
                show(*next);
            }
        },
        m_session.reportFailure());
}

void AnnotateController::showNextToDo(ResponseId from)
{
    struct Next {
        std::optional<ResponseId> id;
        QueueCounts counts;
        AnnotatorProgress progress;
    };
    const auto filter = m_page.filter();
    const auto search = m_page.searchText().toStdString();
    m_session.store.ask<Next>(
        Priority::Read,
        [=](Project& project) {
            return Next{nextToDo(project, from, filter, search), project.counts(), project.progress()};
        },
        [this](const Next& next) {
            if (next.id) {
                show(*next.id);
                return;
            }
            m_page.setQueueCounts(next.counts);
            m_page.setProgress(next.progress.judged, next.progress.perHour);
            showNothing();
            if (next.counts.open == 0) {
                m_page.showAllDone(next.counts);
            }
        },
        m_session.reportFailure());
}

void AnnotateController::remember(ResponseId id)
{
    if (!m_session.state.project().readOnly) {
        m_place = id;
        m_placeTimer.start();
    }
}

void AnnotateController::writePlace()
{
    m_placeTimer.stop();
    if (const auto place = std::exchange(m_place, {}); place.value > 0) {
        // Behind everything else, and not worth a word where it can't be written.
        m_session.store.ask<bool>(
            Priority::Import,
            [place](Project& project) {
                project.setNumber(kPlace, static_cast<double>(place.value));
                return true;
            },
            [](bool) {}, [](const FailureReport&) {});
    }
}

void AnnotateController::edited(ResponseId id, const QString& text)
{
    if (!m_item || id != m_item->id) {
        return;
    }
    m_drafts.edit(id, text.toStdString());
    m_scores.edited(text.toStdString());
}

void AnnotateController::flush()
{
    writeDrafts();
    writePlace();
}

void AnnotateController::writeDrafts()
{
    m_drafts.write();
    m_corrections.write();
}

bool AnnotateController::allStored() const
{
    return m_drafts.empty() && m_corrections.empty() && m_submitting == 0;
}

void AnnotateController::whenStored(std::function<void()> done, std::function<void(const QString&)> failed)
{
    flush();
    if (allStored()) {
        done();
        return;
    }
    m_whenStored = std::move(done);
    m_whenNotStored = std::move(failed);
}

void AnnotateController::stored()
{
    if (!allStored()) {
        return;
    }
    setSaved(ui::SavedState::Kind::Saved);
    m_session.frame.dismiss(QStringLiteral("unsaved"));
    m_whenNotStored = {};
    if (m_whenStored) {
        std::exchange(m_whenStored, {})();
    }
}

void AnnotateController::notStored(const QString& problem)
{
    setSaved(ui::SavedState::Kind::Failed, problem);
    m_whenStored = {};
    if (m_whenNotStored) {
        std::exchange(m_whenNotStored, {})(problem);
    }
}

void AnnotateController::submit(ResponseId id, Verdict verdict, const QString& judgment,
                                const std::optional<QString>& corrected)
{
    const std::string text = judgment.toStdString();
    const bool criticised = verdict == Verdict::Criticised;
    const auto revision = corrected ? std::optional(corrected->toStdString()) : std::nullopt;
    if (criticised) {
        m_drafts.drop(id);
    }
    if (revision) {
        m_corrections.drop(id);
    }
    writeDrafts();  // typed and not used: kept as a draft
    ++m_submitting;
    setSaved(ui::SavedState::Kind::Saving);
    m_session.store.ask<ResponseSummary>(
        Priority::Write,
        [=](Project& project) {
            project.submit(id, verdict, text, revision);
            return project.summary(id);
        },
        [this, id](const ResponseSummary& row) {
            --m_submitting;
            m_page.updateQueueRow(row);
            stored();
            m_session.state.noteJudged();
            showNextToDo(id);
        },
        [this, id, text, criticised, revision](const FailureReport& report) {
            --m_submitting;
            if (revision && !m_corrections.words(id)) {
                m_corrections.edit(id, *revision);
            }
            if (criticised && !m_drafts.words(id)) {
                m_drafts.edit(id, text);  // no verdict yet, but the words are kept
            }
            notStored(qstr(report.message));
        });
}

void AnnotateController::changed(ResponseId id)
{
    stored();
    m_session.store.ask<ResponseSummary>(
        Priority::Read, [id](Project& project) { return project.summary(id); },
        [this](const ResponseSummary& row) {
            m_page.updateQueueRow(row);
            loadCounts();
        },
        m_session.reportFailure());
}

void AnnotateController::step(bool undo)
{
    writeDrafts();
    m_session.store.ask<std::optional<ResponseId>>(
        Priority::Write, [undo](Project& project) { return undo ? project.undo() : project.redo(); },
        [this](const std::optional<ResponseId>& id) {
            if (id) {
                changed(*id);
                show(*id);
                m_session.state.noteJudged();
            }
        },
        m_session.reportFailure());
}

void AnnotateController::modelLoaded()
{
    m_scores.again();
}

void AnnotateController::setSaved(ui::SavedState::Kind kind, const QString& problem)
{
    m_session.frame.setSaved({kind, kind == ui::SavedState::Kind::Saved ? QTime::currentTime() : QTime(), problem});
}

}  // namespace stet::app
