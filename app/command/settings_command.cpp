// settings: how the project's rounds are trained.
#include "app/command/commands.h"

#include "app/command/project_access.h"
#include "app/command/trainer_process.h"
#include "base/failure.h"
#include "base/json.h"
#include "contract/round.h"
#include "workflow/round_plan.h"
#include "workflow/round_settings.h"

#include <iostream>
#include <map>

namespace stet::app {

using namespace annotate;

namespace {

// What a project says of its rounds, to put it back.
class SettingsBefore {
public:
    explicit SettingsBefore(Project& project) : m_project(project)
    {
        for (auto& [key, value] : m_values) {
            value = project.setting(key, value);
        }
    }

    void restore()
    {
        for (const auto& [key, value] : m_values) {
            if (m_project.setting(key, value) != value) {
                m_project.setSetting(key, value);
            }
        }
    }

private:
    Project& m_project;
    // What stands for a setting that a project hasn't.
    std::map<std::string, std::string> m_values = {
        {"round", "{}"}, {"preset", "stable"}, {"contrast", ""}, {"lambda", ""}, {"false_alarm_rate", ""}};
};

// The worker knows what a value may be: its plan of the next round, or why there can be none. Failure of its kind; the
// reason stands on standard error.
Json planOf(Project& project)
{
    const std::string preset = project.setting("preset", "stable");
    const auto input = workflow::writePlanInput(project, project.currentRound(), preset);
    if (!input.trains) {
        return project.roundSettings(preset);  // nothing is judged that it could be planned with
    }
    Json plan;
    const auto end = runTrainer({"round", input.folder, "--plan"}, [&](const std::string& line) {
        plan = parseJson(line, "the worker's plan").value("settings", Json::object());
    });
    if (end.code != 0 || end.signal != 0) {
        throw Failure(end.signal != 0 ? FailureKind::Internal : workerFailure(end.code),
                      "The settings stay as they were");
    }
    return plan;
}

}  // namespace

void changeSettings(const Arguments& a)
{
    const auto project = openForWriting(a.project);
    SettingsBefore before(*project);
    try {
        for (const auto& field : a.fields) {
            const auto equals = field.find('=');
            if (equals == std::string::npos) {
                throw Failure(FailureKind::Usage, "'" + field + "' is no setting: write FIELD=VALUE, as epochs=4");
            }
            workflow::chooseRoundSetting(*project, field.substr(0, equals), field.substr(equals + 1));
        }
        std::cout << planOf(*project).dump(2) << '\n';
    } catch (...) {
        before.restore();
        throw;
    }
}

}  // namespace stet::app
