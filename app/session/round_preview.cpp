#include "app/session/round_preview.h"

#include "app/session/convert.h"
#include "workflow/round_plan.h"

#include <utility>

namespace stet::app {

using namespace annotate;
namespace method = contract::method;

namespace {

constexpr int kPauseMs = 400;

std::vector<std::string> ids(const Json& summary, const char* field)
{
    std::vector<std::string> list;
    for (const auto& id : summary.value(field, Json::array())) {
        list.push_back(id.dump());
    }
    return list;
}

}  // namespace

RoundPreview::RoundPreview(const SessionContext& session, ui::RoundsPage& page, QObject* parent)
    : QObject(parent)
    , m_session(session)
    , m_page(page)
    , m_parent(session.state.currentRound())
    , m_rate(session.state.threshold().falseAlarmRate)
{
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &RoundPreview::write);
    connect(&session.state, &SessionState::judged, this, &RoundPreview::changed);
    connect(&session.state, &SessionState::thresholdChanged, this, &RoundPreview::thresholdChanged);
    connect(&session.state, &SessionState::adopted, this, [this] {
        m_otherModel = true;
        changed();
    });
}

void RoundPreview::changed()
{
    m_counting.drop();
    m_looking.drop();
    m_counted = false;
    m_pause.start();
}

void RoundPreview::setVisible(bool visible)
{
    m_visible = visible;
    if (!visible) {
        m_looking.drop();
    } else if (m_counted && !m_plan.flags) {
        lookAtFlags();
    }
}

void RoundPreview::setPreset(const QString& preset)
{
    m_preset = preset;
    changed();
}

void RoundPreview::setParentRound(int round)
{
    if (std::exchange(m_parent, round) != round) {
        m_page.setPlan(std::nullopt);  // it was another start's
        changed();
    }
}

void RoundPreview::hold(bool held)
{
    m_held = held;
    m_looking.drop();
    m_calibrating.drop();
    if (!held) {
        changed();  // what was judged meanwhile
    }
}

void RoundPreview::write()
{
    if (m_held) {
        return;
    }
    if (m_session.state.project().readOnly) {
        m_page.setPlan(RoundPlan{}, tr("The project is open for reading only: no round can be started here."));
        return;
    }
    m_counting.ask<workflow::PlanInput>(
        m_session.store, Priority::Read,
        [&store = m_session.store, preset = m_preset.toStdString(), parent = m_parent](Project& project) {
            return workflow::writePlanInput(project, parent, preset, [&] { store.giveWay(project, Priority::Read); });
        },
        [this](const workflow::PlanInput& input) {
            m_folder = input.folder;
            m_heldOut = input.heldOut;
            if (input.trains) {
                count();
            } else {
                m_page.setPlan(RoundPlan{}, tr("No response is criticised yet. Judge some first."));
            }
        },
        m_session.reportFailure());
}

void RoundPreview::count()
{
    m_counting.ask(m_session.worker, method::kPreview, {{"dir", m_folder}},
                   [this](const WorkerReply& reply) { takePlan(reply); });
}

void RoundPreview::takePlan(const WorkerReply& reply)
{
    if (const auto* plan = std::get_if<Json>(&reply)) {
        m_plan = planFrom(*plan);
        if (m_heldOut > 0) {
            m_plan.leftOut.push_back(
                tr("%n judged response(s) are left out: their instructions are held out", nullptr, m_heldOut)
                    .toStdString());
        }
        m_counted = true;
        m_page.setPlan(m_plan);
        lookAtFlags();
        calibrateInTime();
    } else if (const auto* report = std::get_if<FailureReport>(&reply)) {
        m_page.setPlan(RoundPlan{}, qstr(report->message));
    }
}

void RoundPreview::lookAtFlags()
{
    if (!m_visible || m_held || m_looking.underWay()) {
        return;
    }
    m_calibrating.drop();  // this tells as much
    m_looking.ask(m_session.worker, method::kFlags, {{"dir", m_folder}}, [this](const WorkerReply& reply) {
        if (const auto* summary = std::get_if<Json>(&reply)) {
            takeLambda(flagsFrom(*summary).lambda);
            showFlags(*summary);
        } else if (const auto* report = std::get_if<FailureReport>(&reply);
                   report != nullptr && report->kind != FailureKind::Interrupted) {  // a new worker is asked anew
            m_session.reportFailure()(*report);
        }
    });
}

void RoundPreview::showFlags(const Json& summary)
{
    m_looking.ask<RoundPlan::Flags>(
        m_session.store, Priority::Read,
        [summary](Project& project) {
            RoundPlan::Flags flags = flagsFrom(summary);
            flags.lightsNothing = workflow::instructionsOf(project, ids(summary, "nothing"));
            flags.lightsAll = workflow::instructionsOf(project, ids(summary, "nearly_all"));
            flags.lightsAsOthers = workflow::instructionsOf(project, ids(summary, "unspecific"));
            return flags;
        },
        [this](const RoundPlan::Flags& flags) {
            m_plan.flags = flags;
            m_page.setPlan(m_plan);
        },
        m_session.reportFailure());
}

void RoundPreview::thresholdChanged()
{
    const auto rate = m_session.state.threshold().falseAlarmRate;
    if (std::exchange(m_rate, rate) != rate) {
        m_calibrating.drop();
    }
    if (!m_takingLambda) {
        changed();
    }
}

// A reading of every criticised response: not after each judgment, but at 1, 2, 4, 8 … of them.
void RoundPreview::calibrateInTime()
{
    const Threshold& threshold = m_session.state.threshold();
    const bool due = m_otherModel || m_plan.criticised >= 2 * threshold.judgments;
    if (!threshold.falseAlarmRate || !due || m_held || m_looking.underWay() || m_calibrating.underWay()) {
        return;
    }
    m_calibrating.ask(m_session.worker, method::kFlags, {{"dir", m_folder}}, [this](const WorkerReply& reply) {
        if (const auto* summary = std::get_if<Json>(&reply)) {
            takeLambda(flagsFrom(*summary).lambda);
        }  // a failure is said where somebody asks
    });
}

void RoundPreview::takeLambda(std::optional<double> lambda)
{
    Threshold made = m_session.state.threshold();
    if (!lambda || !made.falseAlarmRate) {
        return;
    }
    made.lambda = *lambda;
    made.judgments = m_plan.criticised;
    m_otherModel = false;
    if (made != m_session.state.threshold()) {
        m_takingLambda = true;  // the plan was made with it already
        m_session.state.setThreshold(made);
        m_takingLambda = false;
        m_session.write([=](Project& project) { project.noteCalibration(made.lambda, made.judgments); });
    }
}

}  // namespace stet::app
