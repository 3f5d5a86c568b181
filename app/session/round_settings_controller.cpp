#include "app/session/round_settings_controller.h"

#include "app/session/convert.h"
#include "workflow/round_settings.h"

#include <map>

namespace stet::app {

using namespace annotate;

namespace {

std::map<std::string, std::string> chosenSettings(const Project& project)
{
    return settingsByName(project.ownRoundSettings());
}

struct Choice {
    WhatLightsUp lights;
    std::map<std::string, std::string> settings;
};

}  // namespace

RoundSettingsController::RoundSettingsController(const SessionContext& session, ui::RoundSettingsPanel& panel,
                                                 QObject* parent)
    : QObject(parent), m_session(session), m_panel(panel)
{
    connect(&panel, &ui::RoundSettingsPanel::settingChosen, this, &RoundSettingsController::choose);
    panel.setEnabled(!session.state.project().readOnly);
    panel.setChosen({});
}

void RoundSettingsController::open()
{
    m_session.store.ask<std::map<std::string, std::string>>(
        Priority::Read, [](Project& project) { return chosenSettings(project); },
        [this](const std::map<std::string, std::string>& settings) { m_panel.setChosen(settings); },
        m_session.reportFailure());
}

void RoundSettingsController::choose(const QString& path, const QString& value)
{
    m_session.store.ask<Choice>(
        Priority::Write,
        [path = path.toStdString(), value = value.toStdString()](Project& project) {
            workflow::chooseRoundSetting(project, path, value);
            return Choice{WhatLightsUp::of(project), chosenSettings(project)};
        },
        [this](const Choice& now) {
            m_session.state.takeOver(now.lights);
            m_panel.setChosen(now.settings);
            Q_EMIT chosen();
        },
        m_session.reportFailure());
}

}  // namespace stet::app
