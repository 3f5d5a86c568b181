// A project's settings: model, prompt_style, lambda, contrast, preset, round (JSON object for round.json), guidelines,
// title …
#pragma once

#include <string>

namespace stet::annotate {

class ProjectFolder;

class Settings {
public:
    explicit Settings(ProjectFolder& project) : m_project(project) { }

    std::string setting(const std::string& key, const std::string& fallback = {}) const;
    void setSetting(const std::string& key, const std::string& value);

private:
    ProjectFolder& m_project;
};

}  // namespace stet::annotate
