#include "app/session/generation_controller.h"

#include "app/session/convert.h"

#include <utility>

namespace stet::app {

using namespace annotate;
using workflow::Generation;
using workflow::GenerationWish;

namespace {

const QString kNotice = QStringLiteral("generating");

}  // namespace

GenerationController::GenerationController(const SessionContext& session, ui::GeneratePanel& panel, QObject* parent)
    : QObject(parent), m_session(session), m_panel(panel), m_answers(session.worker, this)
{
    panel.setReadOnly(session.state.project().readOnly);
    panel.setProgress({});
    panel.setProblem({});
    connect(&panel, &ui::GeneratePanel::generateRequested, this,
            [this](const ui::GenerateChoice& choice) { start(choice); });
    connect(&panel, &ui::GeneratePanel::stopRequested, this, &GenerationController::stop);
    connect(&session.state, &SessionState::adopted, this, &GenerationController::refresh);
    connect(&m_answers, &AnswerStream::asked, this, &GenerationController::showProgress);
    connect(&m_answers, &AnswerStream::answered, this, &GenerationController::take);
    connect(&m_answers, &AnswerStream::grew, &panel, &ui::GeneratePanel::setGrowingText);
    connect(&m_answers, &AnswerStream::ended, this, &GenerationController::end);
}

void GenerationController::open()
{
    refresh();
    if (m_session.state.project().readOnly) {
        return;
    }
    using Interrupted = std::optional<std::pair<int, int>>;  // missing, of
    m_session.store.ask<Interrupted>(
        Priority::Read,
        [](Project& project) -> Interrupted {
            const auto wish = workflow::interruptedGeneration(project);
            if (!wish) {
                return std::nullopt;
            }
            try {
                const Generation generation = workflow::planGeneration(project, *wish);
                return std::pair(generation.missing, generation.missing + generation.there);
            } catch (const Failure&) {
                workflow::endGeneration(project);  // its set or its round is gone meanwhile
                return std::nullopt;
            }
        },
        [this](const Interrupted& interrupted) {
            if (interrupted && interrupted->first > 0) {
                m_session.frame.notify(
                    {kNotice,
                     ui::Notice::Level::Info,
                     tr("Writing responses was interrupted: %1 of %2 are missing.")
                         .arg(interrupted->first)
                         .arg(interrupted->second),
                     {{QStringLiteral("resume"), tr("Go on")}, {QStringLiteral("forget"), tr("Leave it")}}});
            }
        },
        m_session.reportFailure());
}

void GenerationController::refresh()
{
    struct State {
        std::vector<RoundRecord> rounds;
        int current = 0;
        int fresh = 0;
        int maxNewTokens = 0;
    };
    m_refresh.ask<State>(
        m_session.store, Priority::Read,
        [](Project& project) {
            return State{project.rounds(), project.currentRound(), project.freshInstructions({}),
                         project.maxNewTokens()};
        },
        [this](const State& state) {
            m_panel.setRounds(state.rounds, state.current);
            m_panel.setMaxNewTokens(state.maxNewTokens);
            m_panel.setFresh(state.fresh);
            m_fresh = state.fresh;
            Q_EMIT freshCounted(state.fresh);
        },
        m_session.reportFailure());
}

void GenerationController::nextRound()
{
    if (m_fresh == 0) {
        Q_EMIT instructionsNeeded();
        return;
    }
    ui::GenerateChoice choice = m_panel.choice();
    choice.round = m_session.state.currentRound();
    start(choice, true);
}

void GenerationController::start(const ui::GenerateChoice& choice, bool nextRound)
{
    begin(
        [choice](Project& project) {
            GenerationWish wish;
            wish.round = choice.round;
            wish.samples = choice.samples;
            wish.sampling.maxNewTokens = choice.maxNewTokens;
            wish.sampling.temperature = choice.temperature;
            return workflow::withMore(project, wish, choice.instructions);
        },
        nextRound);
}

// One at a time: a second press while the first is on its way is none.
void GenerationController::begin(std::function<GenerationWish(Project&)> wish, bool nextRound)
{
    if (isRunning()) {
        return;
    }
    m_starting = true;
    m_quiet = false;
    m_panel.setProblem({});
    using Planned = std::shared_ptr<const Generation>;
    m_session.store.ask<Planned>(
        Priority::Import,  // behind what was written and is still to be stored
        [wish = std::move(wish)](Project& project) {
            auto generation = std::make_shared<Generation>(workflow::planGeneration(project, wish(project)));
            workflow::beginGeneration(project, generation->wish);
            return Planned(generation);
        },
        [this, nextRound](const Planned& generation) {
            m_starting = false;
            m_running = Running{generation};
            m_clock.start();
            if (nextRound) {
                Q_EMIT nextRoundBegun();
            }
            m_answers.start([this] { return nextRequest(); });
        },
        [this](const FailureReport& report) {
            m_starting = false;
            m_panel.setProblem(qstr(report.message));
            m_session.reportFailure()(report);
        });
}

std::optional<contract::GenerateRequest> GenerationController::nextRequest()
{
    Running& running = *m_running;
    const auto& parts = running.generation->parts;
    while (running.part < parts.size() && running.next == parts[running.part].instructions.size()) {
        ++running.part;
        running.next = 0;
    }
    if (running.part == parts.size()) {
        return std::nullopt;
    }
    const auto& part = parts[running.part];
    contract::GenerateRequest request;
    request.adapter = running.generation->adapter;
    request.sampling = running.generation->wish.sampling;
    request.sampling.seed = part.seed;
    request.stream = true;
    for (; running.next < part.instructions.size() && request.items.size() < AnswerStream::kItemsAtOnce;
         ++running.next) {
        request.items.push_back(exampleOf(part.instructions[running.next]));
    }
    return request;
}

void GenerationController::take(const contract::GeneratedLine& line)
{
    ++m_running->done;
    showProgress();
    m_session.store.ask<std::optional<ResponseId>>(
        Priority::Import,
        [generation = m_running->generation, part = m_running->part, line](Project& project) {
            return workflow::takeGenerated(project, *generation, part, line);
        },
        [this](const std::optional<ResponseId>& id) {
            if (id) {
                Q_EMIT written(*id);
            }
        },
        [this](const FailureReport& report) {
            if (m_running) {  // what can't be kept need not be written
                m_answers.stop();
                end(qstr(report.message));
            }
        });
}

void GenerationController::stop()
{
    if (m_running) {
        m_answers.stop();
        end({});
    }
}

// With a problem it can go on later; done or stopped by the person it is over.
void GenerationController::end(const QString& problem)
{
    const Running ended = *std::exchange(m_running, std::nullopt);
    m_panel.setProgress({});
    m_panel.setProblem(problem);
    const QString far = tr("%1 of %2 responses are written.").arg(ended.done).arg(ended.generation->missing);
    if (problem.isEmpty()) {
        m_session.frame.notify({kNotice, ui::Notice::Level::Good, far, {}});
    } else {
        m_session.frame.notify({kNotice,
                                ui::Notice::Level::Problem,
                                problem + QLatin1Char(' ') + far,
                                {{QStringLiteral("resume"), tr("Go on")}, {QStringLiteral("forget"), tr("Leave it")}}});
    }
    // Behind what is still to be stored.
    m_session.store.ask<bool>(
        Priority::Import,
        [over = problem.isEmpty()](Project& project) {
            if (over) {
                workflow::endGeneration(project);
            }
            return over;
        },
        [this](bool) {
            refresh();
            Q_EMIT this->ended();
        },
        m_session.reportFailure());
}

void GenerationController::takeNoticeAction(const QString& notice, const QString& action)
{
    if (notice != kNotice) {
        return;
    }
    if (action == QLatin1String("resume")) {
        begin([](Project& project) {
            const auto wish = workflow::interruptedGeneration(project);
            if (!wish) {
                throw badInput("Nothing that was interrupted is left to write");
            }
            return *wish;
        });
    } else if (action == QLatin1String("stop")) {
        stop();
    } else {
        m_quiet = true;
        m_session.frame.dismiss(kNotice);
        if (action == QLatin1String("forget")) {
            m_session.write([](Project& project) { workflow::endGeneration(project); });
        }
    }
}

QString GenerationController::author() const
{
    const int round = *m_running->generation->wish.round;
    return round == 0 ? tr("The base model") : tr("Round %1").arg(round);
}

void GenerationController::showProgress()
{
    const int total = m_running->generation->missing;
    const int done = m_running->done;
    const double left = done == 0 ? -1 : static_cast<double>(m_clock.elapsed()) / 1000 / done * (total - done);
    m_panel.setProgress(ui::GenerateProgress{done, total, left});
    if (!m_quiet) {
        m_session.frame.notify(
            {kNotice,
             ui::Notice::Level::Info,
             tr("%1 writes responses: %2 of %3. They come into “To do”.").arg(author()).arg(done).arg(total),
             {{QStringLiteral("stop"), tr("Stop")}}});
    }
}

}  // namespace stet::app
