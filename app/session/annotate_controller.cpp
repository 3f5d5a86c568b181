#include "app/session/annotate_controller.h"

#include "app/session/convert.h"
#include "ui/annotate/annotate_page.h"

#include <QTime>

namespace stet::app {

using namespace annotate;

namespace {

constexpr int kPageRows = 200;
constexpr int kOtherJudgments = 4;

}  // namespace

struct AnnotateController::Snapshot {
    std::optional<ResponseItem> item;
    int position = 0;
    QueueCounts counts;
    AnnotatorProgress progress;
    std::vector<std::string> others;
};

AnnotateController::AnnotateController(ProjectAccess& access, QObject* parent)
    : QObject(parent), m_access(access), m_drafts(access.store, this), m_scores(access, this)
{
    connect(&m_drafts, &DraftKeeper::edited, this, [this] { setSaved(ui::SavedState::Kind::Unsaved); });
    connect(&m_drafts, &DraftKeeper::writing, this, [this] { setSaved(ui::SavedState::Kind::Saving); });
    connect(&m_drafts, &DraftKeeper::saved, this, [this](const ResponseSummary& row) {
        page().updateQueueRow(row);
        stored();
    });
    connect(&m_drafts, &DraftKeeper::failed, this, &AnnotateController::notStored);
    connectPage();
}

ui::AnnotatePage& AnnotateController::page() const
{
    return *m_access.window.annotatePage();
}

void AnnotateController::connectPage()
{
    using Page = ui::AnnotatePage;
    Page* p = &page();
    connect(p, &Page::queueQueryChanged, this, [this] { loadQueue(); });
    connect(p, &Page::moreQueueWanted, this, [this](ResponseId after) {
        const auto filter = page().filter();
        const auto search = page().searchText().toStdString();
        m_access.store.ask<QueuePage>(
            Priority::Read, [=](Project& project) { return project.page(filter, search, after, kPageRows); },
            [this](const QueuePage& rows) { page().appendQueue(rows.rows, rows.more); }, m_access.complain);
    });
    connect(p, &Page::openRequested, this, &AnnotateController::show);
    connect(p, &Page::previousRequested, this, [this](ResponseId from) { showNeighbour(from, false); });
    connect(p, &Page::nextRequested, this, [this](ResponseId from) { showNeighbour(from, true); });
    connect(p, &Page::judgmentEdited, this, &AnnotateController::edited);
    connect(p, &Page::submitted, this, &AnnotateController::submit);
    connect(p, &Page::saveNowRequested, this, &AnnotateController::flush);
    connect(p, &Page::undoRequested, this, [this] { step(true); });
    connect(p, &Page::redoRequested, this, [this] { step(false); });
    connect(p, &Page::marksChanged, this, [this](ResponseId id, const std::vector<Mark>& marks) {
        m_access.store.ask<bool>(
            Priority::Write,
            [=](Project& project) {
                project.setMarks(id, marks);
                return true;
            },
            [this](bool) { stored(); }, m_access.complain);
    });
    connect(p, &Page::flagItemToggled, this, [this](ResponseId id, bool flagged) {
        m_access.store.ask<bool>(
            Priority::Write,
            [=](Project& project) {
                project.setFlagged(id, flagged);
                return true;
            },
            [this, id](bool) { changed(id); }, m_access.complain);
    });
    const auto trash = [this](ResponseId id, bool away) {
        m_access.store.ask<bool>(
            Priority::Write,
            [=](Project& project) {
                project.setTrashed(id, away);
                return true;
            },
            [this, id](bool) {
                loadQueue();
                loadCounts();
                showNeighbour(id, true);
                Q_EMIT judged();
            },
            m_access.complain);
    };
    connect(p, &Page::trashRequested, this, [trash](ResponseId id) { trash(id, true); });
    connect(p, &Page::restoreRequested, this, [trash](ResponseId id) { trash(id, false); });
    connect(p, &Page::lambdaCommitted, this, [this](double lambda) {
        m_access.lambda = lambda;
        m_access.store.ask<bool>(
            Priority::Write,
            [=](Project& project) {
                project.setNumber("lambda", lambda);
                return true;
            },
            [this](bool) { Q_EMIT judged(); }, m_access.complain);
    });
}

void AnnotateController::open()
{
    page().setLambda(m_access.lambda);
    page().setReadOnly(m_access.readOnly);
    loadQueue();
    m_access.store.ask<std::pair<std::string, ResponseId>>(
        Priority::Read,
        [](Project& project) {
            const auto open = project.firstOpen();
            const auto any = open ? open : project.neighbour({0}, true, QueueFilter::All, {});
            return std::pair(project.setting("guidelines"), any.value_or(ResponseId{}));
        },
        [this](const std::pair<std::string, ResponseId>& first) {
            page().setGuidelines(qstr(first.first));
            if (first.second.value > 0) {
                show(first.second);
            } else {
                page().clearItem();
                loadCounts();
            }
        },
        m_access.complain);
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
    const auto filter = page().filter();
    const auto search = page().searchText().toStdString();
    m_access.store.ask<QueuePage>(
        Priority::Read, [=](Project& project) { return project.page(filter, search, {0}, kPageRows); },
        [this](const QueuePage& rows) { page().setQueue(rows.rows, rows.more); }, m_access.complain);
}

void AnnotateController::loadCounts()
{
    m_access.store.ask<Snapshot>(
        Priority::Read,
        [](Project& project) {
            Snapshot s;
            s.counts = project.counts();
            s.progress = project.progress();
            return s;
        },
        [this](const Snapshot& s) {
            page().setQueueCounts(s.counts);
            page().setProgress(s.progress.judged, s.progress.perHour);
        },
        m_access.complain);
}

void AnnotateController::show(ResponseId id)
{
    flush();
    m_access.store.ask<Snapshot>(
        Priority::Read,
        [id](Project& project) {
            return Snapshot{project.item(id), project.position(id), project.counts(), project.progress(),
                            project.otherJudgments(id, kOtherJudgments)};
        },
        [this](const Snapshot& s) {
            page().setQueueCounts(s.counts);
            page().setProgress(s.progress.judged, s.progress.perHour);
            m_others = s.others;
            if (s.item) {
                showItem(*s.item, s.position, s.counts.total);
            } else {
                page().clearItem();
            }
        },
        m_access.complain);
}

void AnnotateController::showItem(ResponseItem item, int position, int total)
{
    if (const auto words = m_drafts.words(item.id)) {
        item.draft = *words;  // typed, and not on the disk yet
    }
    const bool other = !m_item || m_item->id != item.id;
    m_item = item;
    page().setItem(item, position, total);
    if (other && item.verdict == Verdict::Open) {
        page().focusJudgment();
        m_access.window.showHint(QStringLiteral("judge"));
    }
    m_scores.show(item, item.draft.value_or(item.judgment), m_others);
}

void AnnotateController::showNeighbour(ResponseId from, bool forward)
{
    const auto filter = page().filter();
    const auto search = page().searchText().toStdString();
    m_access.store.ask<std::optional<ResponseId>>(
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
        m_access.complain);
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
    m_drafts.write();
}

bool AnnotateController::allStored() const
{
    return m_drafts.empty() && m_submitting == 0;
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
    m_access.window.dismiss(QStringLiteral("unsaved"));
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

void AnnotateController::submit(ResponseId id, Verdict verdict, const QString& judgment)
{
    const std::string text = judgment.toStdString();
    const bool criticised = verdict == Verdict::Criticised;
    if (criticised) {
        m_drafts.drop(id);
    } else {
        flush();  // typed and not used: kept as a draft
    }
    ++m_submitting;
    setSaved(ui::SavedState::Kind::Saving);
    m_access.store.ask<ResponseSummary>(
        Priority::Write,
        [=](Project& project) {
            project.submit(id, verdict, text);
            return project.summary(id);
        },
        [this, id](const ResponseSummary& row) {
            --m_submitting;
            page().updateQueueRow(row);
            stored();
            Q_EMIT judged();
            showNeighbour(id, true);
        },
        [this, id, text, criticised](const FailureReport& report) {
            --m_submitting;
            if (criticised && !m_drafts.words(id)) {
                m_drafts.edit(id, text);  // no verdict yet, but the words are kept
            }
            notStored(qstr(report.message));
        });
}

void AnnotateController::changed(ResponseId id)
{
    stored();
    m_access.store.ask<ResponseSummary>(
        Priority::Read, [id](Project& project) { return project.summary(id); },
        [this](const ResponseSummary& row) {
            page().updateQueueRow(row);
            loadCounts();
        },
        m_access.complain);
}

void AnnotateController::step(bool undo)
{
    flush();
    m_access.store.ask<std::optional<ResponseId>>(
        Priority::Write, [undo](Project& project) { return undo ? project.undo() : project.redo(); },
        [this](const std::optional<ResponseId>& id) {
            if (id) {
                changed(*id);
                show(*id);
                Q_EMIT judged();
            }
        },
        m_access.complain);
}

void AnnotateController::modelChanged()
{
    m_scores.again();
}

void AnnotateController::setSaved(ui::SavedState::Kind kind, const QString& problem)
{
    m_access.window.setSaved({kind, kind == ui::SavedState::Kind::Saved ? QTime::currentTime() : QTime(), problem});
}

}  // namespace stet::app
