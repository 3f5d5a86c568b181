// The project's rounds: their records, their folders rounds/NNNN/, which one is adopted, and what was chosen in blind
// comparisons.
#pragma once

#include "annotate/judgment/types.h"

#include <string>
#include <utility>
#include <vector>

namespace stet::annotate {

class ProjectFolder;
class Settings;

class Rounds {
public:
    Rounds(ProjectFolder& project, Settings& settings) : m_project(project), m_settings(settings) { }

    std::vector<RoundRecord> rounds() const;
    RoundRecord round(int number) const;                  // Failure(BadInput) when there is none
    int addRound(int parent, const std::string& preset);  // Prepared; makes rounds/NNNN/
    void updateRound(const RoundRecord& round);
    int currentRound() const;  // 0: the base model
    void adopt(int round);
    std::string roundFolder(int number) const;
    std::string adapterFolder(int number) const;  // empty for 0

    void setChoice(int round, const std::string& item, const std::string& preference);
    std::vector<std::pair<std::string, std::string>> choices(int round) const;

private:
    ProjectFolder& m_project;
    Settings& m_settings;
};

}  // namespace stet::annotate
