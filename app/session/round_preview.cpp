#include "app/session/round_preview.h"

#include "app/session/convert.h"
#include "ui/round/rounds_page.h"

#include <filesystem>

namespace stet::app {

using namespace annotate;
namespace method = contract::method;

namespace {

constexpr int kPauseMs = 400;

}  // namespace

RoundPreview::RoundPreview(ProjectAccess& access, QObject* parent) : QObject(parent), m_access(access)
{
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &RoundPreview::write);
}

ui::RoundsPage& RoundPreview::page() const
{
    return *m_access.window.roundsPage();
}

std::string RoundPreview::folder() const
{
    return m_access.folder.toStdString() + "/rounds/preview";
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

void RoundPreview::hold(bool held)
{
    m_held = held;
    m_looking.drop();
    if (!held) {
        changed();  // what was judged meanwhile
    }
}

void RoundPreview::write()
{
    if (m_held) {
        return;
    }
    if (m_access.readOnly) {
        page().setPlan(RoundPlan{}, tr("The project is open for reading only: no round can be started here."));
        return;
    }
    m_counting.ask<int>(
        m_access.store, Priority::Read,
        [folder = folder(), preset = m_preset.toStdString(), parent = m_access.currentRound](Project& project) {
            std::filesystem::create_directories(folder);
            project.writeInput(folder, preset, parent);
            return project.counts().criticised;
        },
        [this](int criticised) {
            if (criticised == 0) {
                page().setPlan(RoundPlan{}, tr("No response is criticised yet. Judge some first."));
            } else {
                count();
            }
        },
        m_access.complain);
}

void RoundPreview::count()
{
    m_counting.ask(m_access.worker, method::kPreview, {{"dir", folder()}},
                   [this](const WorkerReply& reply) { takePlan(reply); });
}

void RoundPreview::takePlan(const WorkerReply& reply)
{
    if (const auto* plan = std::get_if<Json>(&reply)) {
        m_plan = planFrom(*plan);
        m_counted = true;
        page().setPlan(m_plan);
        lookAtFlags();
    } else if (const auto* report = std::get_if<FailureReport>(&reply)) {
        page().setPlan(RoundPlan{}, qstr(report->message));
    }
}

void RoundPreview::lookAtFlags()
{
    if (!m_visible || m_held || m_looking.underWay()) {
        return;
    }
    m_looking.ask(m_access.worker, method::kFlags, {{"dir", folder()}}, [this](const WorkerReply& reply) {
        if (const auto* summary = std::get_if<Json>(&reply)) {
            showFlags(*summary);
        } else if (const auto* report = std::get_if<FailureReport>(&reply);
                   report != nullptr && report->kind != FailureKind::Interrupted) {  // a new worker is asked anew
            m_access.complain(*report);
        }
    });
}

// The worker names responses by their ids, a person knows them by their instructions.
void RoundPreview::showFlags(const Json& summary)
{
    m_looking.ask<RoundPlan::Flags>(
        m_access.store, Priority::Read,
        [summary](Project& project) {
            RoundPlan::Flags flags = flagsFrom(summary);
            const auto name = [&](const char* field, std::vector<std::string>& instructions) {
                for (const auto& externalId : summary.value(field, Json::array())) {
                    const auto id = project.findExternal(externalId.dump());
                    instructions.push_back(id ? project.summary(*id).instruction : externalId.dump());
                }
            };
            name("nothing", flags.lightsNothing);
            name("nearly_all", flags.lightsAll);
            return flags;
        },
        [this](const RoundPlan::Flags& flags) {
            m_plan.flags = flags;
            page().setPlan(m_plan);
        },
        m_access.complain);
}

}  // namespace stet::app
