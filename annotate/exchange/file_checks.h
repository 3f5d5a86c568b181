// What is looked at across the rows of a file that is imported: ids, what the project has already, and fields that mean
// nothing here.
#pragma once

#include "annotate/exchange/finding.h"
#include "annotate/store/known_responses.h"
#include "annotate/store/project.h"
#include "base/json.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace stet::annotate {

// What has no column, each name once: a mistyped judgment would make a response that waits to be judged.
class UnknownFields {
public:
    std::vector<Finding> look(const Json& record, const std::string& id, int row);

private:
    std::set<std::string> m_named;
};

// The ids of a file and of the project it comes into: rows without one get the next number that is free, and what
// has another's, or is in the project already, is pointed out.
class FileIds {
public:
    explicit FileIds(const Project& project) : m_project(project), m_known(project) { }

    void give(NewResponse& r);
    std::vector<Finding> look(const NewResponse& r, int row);
    void remember(const NewResponse& r, int row);  // of a row that comes in

private:
    const Project& m_project;
    KnownResponses m_known;
    std::map<std::string, int> m_rows;
    std::int64_t m_last = 0;
};

}  // namespace stet::annotate
