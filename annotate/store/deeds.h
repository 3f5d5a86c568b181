// What the annotator does to a response, and undoing it. Every deed is one transaction that also writes how to undo it;
// undo lasts over a restart.
#pragma once

#include "annotate/judgment/types.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace stet::annotate {

class ProjectFolder;
class ResponseQueue;

class Deeds {
public:
    Deeds(ProjectFolder& project, const ResponseQueue& queue) : m_project(project), m_queue(queue) { }

    void saveDraft(ResponseId id, const std::string& text);  // equal to the submitted text: the draft is removed
    void submit(ResponseId id, Verdict verdict, const std::string& judgment);
    void setMarks(ResponseId id, const std::vector<Mark>& marks);
    void setFlagged(ResponseId id, bool flagged);
    void setTrashed(ResponseId id, bool trashed);
    // The response the deed belonged to, or nullopt when there is nothing.
    std::optional<ResponseId> undo();
    std::optional<ResponseId> redo();

private:
    // These stand inside the deed's transaction. A state is text: what undo puts back.
    using Change = std::function<std::string(const std::string& before)>;
    void change(const std::string& kind, ResponseId id, const Change& after);
    std::string stateOf(const std::string& kind, ResponseId id) const;
    void apply(const std::string& kind, ResponseId id, const std::string& state);
    void applyVerdict(ResponseId id, const std::string& state);
    void writeDraft(ResponseId id, const std::string& text);
    void record(const std::string& kind, ResponseId id, const std::string& before, const std::string& after);

    std::optional<ResponseId> step(bool undo);

    ProjectFolder& m_project;
    const ResponseQueue& m_queue;
};

}  // namespace stet::annotate
