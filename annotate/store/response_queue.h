// The responses to be judged: pages, counts, one response, who is next.
#pragma once

#include "annotate/judgment/types.h"

#include <optional>
#include <string>
#include <vector>

namespace stet::annotate {

class ProjectFolder;

struct QueuePage {
    std::vector<ResponseSummary> rows;
    bool more = false;
};

struct AnnotatorProgress {
    int judged = 0;
    double perHour = -1;  // −1: too early to say
};

class ResponseQueue {
public:
    explicit ResponseQueue(ProjectFolder& project) : m_project(project) { }

    // Substring search over instruction, response and judgment. `after`: rows with a larger id.
    QueuePage page(QueueFilter filter, const std::string& search, ResponseId after, int limit) const;
    QueueCounts counts() const;
    std::optional<ResponseItem> item(ResponseId id) const;
    ResponseSummary summary(ResponseId id) const;
    std::optional<ResponseId> neighbour(ResponseId from, bool forward, QueueFilter filter,
                                        const std::string& search) const;
    std::optional<ResponseId> firstOpen() const;
    int position(ResponseId id) const;  // from 1, among all that are not in the trash
    std::optional<ResponseId> findExternal(const std::string& externalId) const;  // the first
    int countExternal(const std::string& externalId) const;                       // files may give an id twice
    std::vector<ResponseId> ids(QueueFilter filter) const;
    std::string extraOf(ResponseId id) const;
    std::vector<std::pair<ResponseId, std::string>> criticised() const;  // with the judgment, by id
    AnnotatorProgress progress() const;

private:
    ProjectFolder& m_project;
};

}  // namespace stet::annotate
