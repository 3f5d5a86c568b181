// A project's settings: model, prompt_style, lambda, false_alarm_rate, contrast, preset, round (JSON object for
// round.json), max_new_tokens, guidelines, title …
#pragma once

#include "base/json.h"

#include <optional>
#include <string>

namespace stet::annotate {

class ProjectFolder;

// Of a new project: what measured best on a real model (docs/evidence.md).
constexpr double kDefaultFalseAlarmRate = 0.005;

class Settings {
public:
    explicit Settings(ProjectFolder& project) : m_project(project) { }

    std::string setting(const std::string& key, const std::string& fallback = {}) const;
    void setSetting(const std::string& key, const std::string& value);

    // The contrast that was chosen for the project, else D6 where false alarms are measured and the preset repeats
    // nobody's work, else the preset's: what the heat-map shows and a round trains.
    std::string contrastOf(const std::string& preset) const;

    // Setting false_alarm_rate, out of which λ is made; 0: measured, but λ was chosen by hand. None: a project of
    // before.
    std::optional<double> falseAlarmRate() const;
    void chooseFalseAlarmRate(double rate);
    // λ as the rate made it last, of so many judgments.
    void noteCalibration(double lambda, int judgments);
    int calibratedOn() const;  // judgments; 0: never

    // The most tokens of an answer that is generated for the project: setting max_new_tokens, else kDefaultNewTokens.
    // Failure(BadInput): it is no whole number above 0.
    int maxNewTokens() const;

    // A number is written with a point in every language, though the window's may use a comma (Qt sets the C locale to
    // the desktop's). One that can't be read is Failure(BadInput) with its name.
    double number(const std::string& key, double fallback) const;
    void setNumber(const std::string& key, double value);

    // What the project says of its rounds beside the preset, as round.json has it: what is not in there is the
    // preset's. Failure(BadInput): it can't be read.
    Json ownRoundSettings() const;
    // path: "epochs", "optimizer.lr". null: the preset's again.
    void setRoundSetting(const std::string& path, const Json& value);

    // λ for the heat-map and for rounds: a `lambda` among the round settings gives way to it, and so does a rate.
    void chooseLambda(double lambda);

private:
    ProjectFolder& m_project;
};

}  // namespace stet::annotate
