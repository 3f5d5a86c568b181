#include "app/session/draft_controller.h"

#include "app/session/convert.h"

#include <algorithm>
#include <utility>

namespace stet::app {

using namespace annotate;
using workflow::DraftTaken;

namespace {

constexpr int kDraftsAtOnce = 50;  // what a person may look through before the model drafts on
const QString kNotice = QStringLiteral("drafting");

// In the project's prompt style the worker reads as in a conversation.
bool isChat(const std::string& promptStyle)
{
    return promptStyle == "auto" || promptStyle == "chat";
}

QString noJudgmentText(DraftReading::Kind kind)
{
    switch (kind) {
    case DraftReading::Kind::Copy:
        return DraftController::tr("The model said the response or the instruction again. Nothing is stored.");
    case DraftReading::Kind::Unfinished:
        return DraftController::tr("The model's answer did not come to an end. Nothing is stored.");
    default:
        return DraftController::tr("The model answered nothing. Nothing is stored.");
    }
}

}  // namespace

DraftController::DraftController(const SessionContext& session, ui::AnnotatePage& page, QObject* parent)
    : QObject(parent), m_session(session), m_answers(session.worker, this)
{
    connect(&page, &ui::AnnotatePage::draftRequested, this, [this](ResponseId id) { start(id); });
    connect(&page, &ui::AnnotatePage::draftsRequested, this, [this] { start(std::nullopt); });
    connect(&m_answers, &AnswerStream::asked, this, &DraftController::showProgress);
    connect(&m_answers, &AnswerStream::answered, this, &DraftController::take);
    connect(&m_answers, &AnswerStream::ended, this, &DraftController::end);
}

// A second press while the first is on its way is none.
void DraftController::start(const std::optional<ResponseId>& one)
{
    if (isRunning()) {
        return;
    }
    if (!m_session.state.isModelLoaded()) {
        say(ui::Notice::Level::Info, tr("The model is still being loaded; then it can draft judgments."));
        return;
    }
    m_starting = true;
    using Planned = std::shared_ptr<const Plan>;
    m_session.store.ask<Planned>(
        Priority::Read,
        [one, chats = m_chats](Project& project) {
            if (!chats || !isChat(project.promptStyle())) {
                throw badInput(tr("The project's model can't be asked for a judgment: it has no chat template, or the "
                                  "project uses another prompt style than its. Another model can draft them: stet "
                                  "draft PROJECT --model DIR")
                                   .toStdString());
            }
            auto plan = std::make_shared<Plan>();
            plan->drafting = workflow::planDrafting(project, {{}, QueueFilter::Open, kDraftsAtOnce});
            if (one) {
                plan->drafting.responses = {*one};
            }
            for (const ResponseId id : plan->drafting.responses) {
                plan->questions.push_back(workflow::draftQuestion(project, id));
            }
            return Planned(plan);
        },
        [this](const Planned& plan) { begin(plan); },
        [this](const FailureReport& report) {
            m_starting = false;
            say(ui::Notice::Level::Problem, qstr(report.message));
        });
}

void DraftController::begin(const std::shared_ptr<const Plan>& plan)
{
    m_starting = false;
    if (plan->questions.empty()) {
        say(ui::Notice::Level::Info, tr("No response waits for a draft: what waits has a suggestion, or is judged."));
        return;
    }
    m_running = Running{plan};
    m_answers.start([this] { return nextRequest(); });
}

std::optional<contract::GenerateRequest> DraftController::nextRequest()
{
    Running& running = *m_running;
    const auto& questions = running.plan->questions;
    if (running.next == questions.size()) {
        return std::nullopt;
    }
    const std::size_t end = std::min(questions.size(), running.next + AnswerStream::kItemsAtOnce);
    contract::GenerateRequest request;
    request.adapter = running.plan->drafting.adapter;
    request.sampling = running.plan->drafting.sampling;
    for (; running.next < end; ++running.next) {
        request.items.push_back(questions[running.next]);
    }
    return request;
}

void DraftController::take(const contract::GeneratedLine& line)
{
    m_session.store.ask<DraftTaken>(
        Priority::Write,
        [plan = m_running->plan, line](Project& project) { return workflow::takeDraft(project, plan->drafting, line); },
        [this](const DraftTaken& draft) { taken(draft); },
        [this](const FailureReport& report) {
            if (m_running) {  // what can't be kept need not be written
                m_answers.stop();
                end(qstr(report.message));
            }
        });
}

void DraftController::taken(const DraftTaken& draft)
{
    if (draft.stored) {
        Q_EMIT drafted(draft.response);
    }
    if (!m_running) {
        return;  // it was stopped meanwhile
    }
    m_running->tally.add(draft);
    m_running->last = draft.kind;
    if (m_running->tally.isHopeless()) {
        m_answers.stop();
        sayWhatCame();
    } else {
        showProgress();
    }
}

void DraftController::stop()
{
    if (m_running) {
        m_answers.stop();
        const int done = std::exchange(m_running, std::nullopt)->tally.drafted;
        say(ui::Notice::Level::Good, tr("Stopped; %n judgment(s) are drafted.", nullptr, done));
    }
}

// Of the worker; said behind what is still to be stored.
void DraftController::end(const QString& problem)
{
    m_session.store.ask<bool>(
        Priority::Write, [](Project&) { return true; },
        [this, problem](bool) {
            if (m_running && !problem.isEmpty()) {
                m_running.reset();
                say(ui::Notice::Level::Problem, problem);
            } else if (m_running) {
                sayWhatCame();
            }
        },
        m_session.reportFailure());
}

void DraftController::sayWhatCame()
{
    const Running done = *std::exchange(m_running, std::nullopt);
    const auto& [asked, drafted] = std::pair(done.tally.asked, done.tally.drafted);
    if (drafted == 0 && asked == 1) {
        say(ui::Notice::Level::Warning, noJudgmentText(done.last));
    } else if (drafted == 0 && asked > 0) {
        say(ui::Notice::Level::Warning,
            tr("None of the model's %1 answers is a judgment, so nothing is stored. Larger models judge better: stet "
               "draft PROJECT --model DIR")
                .arg(asked));
    } else if (asked <= 1) {
        m_session.frame.dismiss(kNotice);  // it is there to be seen
    } else {
        say(ui::Notice::Level::Good,
            tr("%1 judgments are drafted; they wait under “Drafted”. %2 answers were no judgments.")
                .arg(drafted)
                .arg(done.tally.unusable()));
    }
}

void DraftController::takeNoticeAction(const QString& notice, const QString& action)
{
    if (notice == kNotice) {
        action == QLatin1String("stop") ? stop() : m_session.frame.dismiss(kNotice);
    }
}

void DraftController::showProgress()
{
    const auto total = static_cast<int>(m_running->plan->questions.size());
    m_session.frame.notify({kNotice,
                            ui::Notice::Level::Info,
                            total == 1 ? tr("The model drafts a judgment …")
                                       : tr("The model drafts judgments: %1 of %2. They come into “Drafted”.")
                                             .arg(m_running->tally.asked)
                                             .arg(total),
                            {{QStringLiteral("stop"), tr("Stop")}}});
}

void DraftController::say(ui::Notice::Level level, const QString& text)
{
    m_session.frame.notify({kNotice, level, text, {}});
}

}  // namespace stet::app
