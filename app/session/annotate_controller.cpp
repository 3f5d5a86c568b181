#include "app/session/annotate_controller.h"

#include "app/session/convert.h"
#include "base/flag_rule.h"
#include "ui/annotate/annotate_page.h"

#include <QLocale>

#include <algorithm>

namespace stet::app {

using namespace annotate;
namespace method = protocol::method;

namespace {

constexpr int kDraftPauseMs = 250;
constexpr int kDraftLimitMs = 1000;
constexpr int kScorePauseMs = 200;
constexpr int kAlarmPauseMs = 900;
constexpr int kPageRows = 200;
constexpr int kTopTokens = 5;
constexpr int kOtherJudgments = 4;

bool lights(const annotate::TokenScores& scores, double lambda)
{
    return std::any_of(scores.logRatio.begin(), scores.logRatio.end(),
                       [&](double ratio) { return flagged(scores.contrast, ratio, lambda); });
}

}  // namespace

struct AnnotateController::Snapshot {
    std::optional<ResponseItem> item;
    int position = 0;
    QueueCounts counts;
    AnnotatorProgress progress;
    std::vector<std::string> others;
};

AnnotateController::AnnotateController(ProjectAccess& access, QObject* parent) : QObject(parent), m_access(access)
{
    const auto timer = [this](QTimer& t, int ms, void (AnnotateController::*action)()) {
        t.setSingleShot(true);
        t.setInterval(ms);
        connect(&t, &QTimer::timeout, this, action);
    };
    timer(m_draftPause, kDraftPauseMs, &AnnotateController::saveDraft);
    timer(m_draftLimit, kDraftLimitMs, &AnnotateController::saveDraft);
    m_scorePause.setSingleShot(true);
    m_scorePause.setInterval(kScorePauseMs);
    connect(&m_scorePause, &QTimer::timeout, this, [this] { requestScores(false); });
    m_alarmPause.setSingleShot(true);
    m_alarmPause.setInterval(kAlarmPauseMs);
    connect(&m_alarmPause, &QTimer::timeout, this, [this] { requestScores(true); });
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
            [this](bool) { setSaved(ui::SavedState::Kind::Saved); }, m_access.complain);
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
                project.setSetting("lambda", std::to_string(lambda));
                return true;
            },
            [this](bool) { Q_EMIT judged(); }, m_access.complain);
    });
}

void AnnotateController::open()
{
    page().setLambda(m_access.lambda);
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

void AnnotateController::showItem(const ResponseItem& item, int position, int total)
{
    const bool other = !m_item || m_item->id != item.id;
    m_item = item;
    m_text = item.draft.value_or(item.judgment);
    m_unsaved = false;
    ++m_edition;
    page().setItem(item, position, total);
    if (other && item.verdict == Verdict::Open) {
        page().focusJudgment();
        m_access.window.showHint(QStringLiteral("judge"));
    }
    requestScores(false);
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
    m_text = text.toStdString();
    ++m_edition;
    m_unsaved = true;
    setSaved(ui::SavedState::Kind::Unsaved);
    m_draftPause.start();
    if (!m_draftLimit.isActive()) {
        m_draftLimit.start();
    }
    m_alarmPause.stop();
    m_scorePause.start();
}

void AnnotateController::flush()
{
    if (m_unsaved) {
        saveDraft();
    }
}

void AnnotateController::saveDraft()
{
    m_draftPause.stop();
    m_draftLimit.stop();
    if (!m_unsaved || !m_item) {
        return;
    }
    m_unsaved = false;
    const ResponseId id = m_item->id;
    const std::string text = m_text;
    const auto edition = m_edition;
    setSaved(ui::SavedState::Kind::Saving);
    m_access.store.ask<ResponseSummary>(
        Priority::Write,
        [=](Project& project) {
            project.saveDraft(id, text);
            return project.summary(id);
        },
        [this, edition](const ResponseSummary& row) {
            page().updateQueueRow(row);
            if (edition == m_edition) {
                setSaved(ui::SavedState::Kind::Saved);
            }
        },
        [this, id](const FailureReport& report) {
            // The words stay in the box and are tried again with the next key or after a while.
            if (m_item && m_item->id == id) {
                m_unsaved = true;
                m_draftLimit.start(3000);
            }
            setSaved(ui::SavedState::Kind::Failed, qstr(report.message));
        });
}

void AnnotateController::submit(ResponseId id, Verdict verdict, const QString& judgment)
{
    const std::string text = judgment.toStdString();
    if (m_item && m_item->id == id && verdict != Verdict::Criticised) {
        flush();  // typed and not used: kept as a draft
    }
    m_unsaved = false;
    m_draftPause.stop();
    m_draftLimit.stop();
    setSaved(ui::SavedState::Kind::Saving);
    m_access.store.ask<ResponseSummary>(
        Priority::Write,
        [=](Project& project) {
            project.submit(id, verdict, text);
            return project.summary(id);
        },
        [this, id](const ResponseSummary& row) {
            page().updateQueueRow(row);
            setSaved(ui::SavedState::Kind::Saved);
            Q_EMIT judged();
            showNeighbour(id, true);
        },
        [this](const FailureReport& report) { setSaved(ui::SavedState::Kind::Failed, qstr(report.message)); });
}

void AnnotateController::changed(ResponseId id)
{
    setSaved(ui::SavedState::Kind::Saved);
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
    ++m_edition;
    requestScores(false);
}

// Scores of the text as it stands. An accepted response has no judgment; an empty box of an open one neither.
void AnnotateController::requestScores(bool withFalseAlarms)
{
    if (!m_item) {
        return;
    }
    if (m_scoreRequest != 0) {
        m_access.worker.cancel(m_scoreRequest);
    }
    const ResponseItem& item = *m_item;
    const bool judged = !m_text.empty();
    Json params = {{"id", std::to_string(item.id.value)},
                   {"instruction", item.instruction},
                   {"input", item.input},
                   {"output", item.output},
                   {"judgment", judged ? Json(m_text) : Json()},
                   {"contrast", m_access.contrast},
                   {"lambda", m_access.lambda},
                   {"top", kTopTokens}};
    if (item.stoppedByLength) {
        params["stopped"] = "length";
    }
    if (!m_access.adapter.empty()) {
        params["adapter"] = m_access.adapter;
    }
    if (withFalseAlarms && judged) {
        params["other_judgments"] = m_others;
    }
    const ResponseId id = item.id;
    const auto edition = m_edition;
    page().setScoresStale(true);
    m_scoreRequest =
        m_access.worker.request(method::kScore, std::move(params), this, [=, this](const WorkerReply& reply) {
            if (edition != m_edition) {
                return;
            }
            m_scoreRequest = 0;
            if (const auto* line = std::get_if<Json>(&reply)) {
                page().setScoreProblem({});
                const auto scores = scoresFrom(*line);
                page().setScores(id, scores);
                if (judged && lights(scores, m_access.lambda)) {
                    m_access.window.showHint(QStringLiteral("lit"));
                }
                if (judged && !withFalseAlarms && !m_others.empty()) {
                    m_alarmPause.start();
                }
            } else if (const auto* report = std::get_if<FailureReport>(&reply)) {
                page().setScoreProblem(qstr(report->message));
            }
        });
}

void AnnotateController::setSaved(ui::SavedState::Kind kind, const QString& problem)
{
    m_access.window.setSaved({kind, kind == ui::SavedState::Kind::Saved ? QTime::currentTime() : QTime(), problem});
}

}  // namespace stet::app
