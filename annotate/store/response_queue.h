// The responses to be judged: pages, counts, one response, who is next.
#pragma once

#include "annotate/judgment/types.h"

#include <optional>
#include <string>
#include <vector>

namespace stet::annotate {

class ProjectFolder;
class Settings;

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
    ResponseQueue(ProjectFolder& project, const Settings& settings) : m_project(project), m_settings(settings) { }

    // Substring search over instruction, response and judgment. `after`: rows with a larger id.
    QueuePage page(QueueFilter filter, const std::string& search, ResponseId after, int limit) const;
    QueueCounts counts() const;
    std::optional<ResponseItem> item(ResponseId id) const;
    // The next `limit` whose id is larger than `after`: for what goes through a whole project in pieces.
    std::vector<ResponseItem> items(QueueFilter filter, ResponseId after, int limit) const;
    // The same without what is held out: what a round may learn from.
    std::vector<ResponseItem> toLearnFrom(QueueFilter filter, ResponseId after, int limit) const;
    int judgedHeldOut() const;  // accepted or criticised, and not among them
    // Those that only have better answers to learn from: not judged, not skipped, with a revision or a demonstration.
    std::vector<ResponseItem> unjudgedWithBetterAnswer(ResponseId after, int limit) const;
    bool hasUnjudgedWithBetterAnswer() const;
    ResponseSummary summary(ResponseId id) const;
    std::optional<ResponseId> neighbour(ResponseId from, bool forward, QueueFilter filter,
                                        const std::string& search) const;
    std::optional<ResponseId> firstOpen() const;
    int position(ResponseId id) const;  // from 1, among all that are not in the trash
    std::optional<ResponseId> findExternal(const std::string& externalId) const;  // the first
    int countExternal(const std::string& externalId) const;                       // files may give an id twice
    std::vector<ResponseId> ids(QueueFilter filter) const;
    // The next `limit` that have a response to judge, and neither verdict nor suggestion, nor had one that was dropped.
    std::vector<ResponseId> undrafted(QueueFilter filter, ResponseId after, int limit) const;
    std::vector<std::pair<ResponseId, std::string>> criticised() const;  // with the judgment, by id; not held out
    AnnotatorProgress progress() const;                                  // of the person who uses the project

private:
    std::vector<ResponseItem> itemsWhere(const std::string& condition, ResponseId after, int limit) const;

    ProjectFolder& m_project;
    const Settings& m_settings;
};

}  // namespace stet::annotate
