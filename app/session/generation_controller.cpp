#include "app/session/generation_controller.h"

#include "app/session/convert.h"
#include "app/worker/received.h"
#include "contract/message.h"

#include <utility>

namespace stet::app {

using namespace annotate;
using workflow::Generation;
using workflow::GenerationWish;
namespace method = contract::method;

namespace {

// Between two requests a round or a comparison gets its turn.
constexpr std::size_t kItemsAtOnce = 16;
const QString kNotice = QStringLiteral("generating");

}  // namespace

GenerationController::GenerationController(const SessionContext& session, ui::GeneratePanel& panel, QObject* parent)
    : QObject(parent), m_session(session), m_panel(panel)
{
    panel.setReadOnly(session.state.project().readOnly);
    panel.setProgress({});
    panel.setProblem({});
    connect(&panel, &ui::GeneratePanel::generateRequested, this,
            [this](const ui::GenerateChoice& choice) { start(choice); });
    connect(&panel, &ui::GeneratePanel::stopRequested, this, &GenerationController::stop);
    connect(&session.state, &SessionState::adopted, this, &GenerationController::refresh);
    connect(&session.worker, &WorkerRequests::notified, this, [this](const QString& name, const std::string& params) {
        if (name == QLatin1String(method::kGenerateItem)) {
            take(params);
        } else if (name == QLatin1String(method::kGenerateText)) {
            grow(params);
        }
    });
}

GenerationController::~GenerationController()
{
    if (m_running) {
        m_session.worker.cancel(m_running->request);
    }
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
            ask();
        },
        [this](const FailureReport& report) {
            m_starting = false;
            m_panel.setProblem(qstr(report.message));
            m_session.reportFailure()(report);
        });
}

void GenerationController::ask()
{
    Running& running = *m_running;
    const auto& parts = running.generation->parts;
    while (running.part < parts.size() && running.next == parts[running.part].instructions.size()) {
        ++running.part;
        running.next = 0;
    }
    if (running.part == parts.size()) {
        end({});
        return;
    }
    const auto& part = parts[running.part];
    contract::GenerateRequest request;
    request.adapter = running.generation->adapter;
    request.sampling = running.generation->wish.sampling;
    request.sampling.seed = part.seed;
    request.stream = true;
    for (; running.next < part.instructions.size() && request.items.size() < kItemsAtOnce; ++running.next) {
        request.items.push_back(exampleOf(part.instructions[running.next]));
    }
    running.request = m_session.worker.request(
        method::kGenerate, toJson(request), this, [this, asked = running.generation](const WorkerReply& reply) {
            if (m_running && m_running->generation == asked) {  // else it was stopped
                answered(reply);
            }
        });
    showProgress();
}

// Not those of one that was stopped.
bool GenerationController::isOfRunning(const Json& params) const
{
    const auto request = params.find("request");
    return m_running && request != params.end() && *request == m_running->request;
}

void GenerationController::take(const std::string& params)
{
    const Json json = Json::parse(params, nullptr, false);
    if (!isOfRunning(json)) {
        return;
    }
    const auto line = received<contract::GeneratedLine>(json, method::kGenerateItem);
    if (line.id.dump() == m_running->growing) {
        growNext();
    }
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
                m_session.worker.cancel(m_running->request);
                end(qstr(report.message));
            }
        });
}

// Of several that grow at once the one is shown that began first.
void GenerationController::grow(const std::string& params)
{
    const Json json = Json::parse(params, nullptr, false);
    if (!isOfRunning(json)) {
        return;
    }
    const auto piece = received<contract::GeneratedPiece>(json, method::kGenerateText);
    const std::string id = piece.id.dump();
    if (m_running->growing.empty()) {
        m_running->growing = id;
    }
    if (m_running->growing == id) {
        m_running->text += qstr(piece.text);
        m_panel.setGrowingText(m_running->text);
    }
}

void GenerationController::growNext()
{
    m_running->growing.clear();
    m_running->text.clear();
}

void GenerationController::answered(const WorkerReply& reply)
{
    growNext();
    if (std::holds_alternative<Json>(reply)) {
        ask();
    } else if (const auto* report = std::get_if<FailureReport>(&reply)) {
        end(qstr(report->message));
    } else {
        end({});
    }
}

void GenerationController::stop()
{
    if (m_running) {
        m_session.worker.cancel(m_running->request);
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
