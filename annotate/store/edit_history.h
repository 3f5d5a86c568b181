// The annotator's edits of a response, and undoing them. Every edit is one transaction that also writes how to undo it;
// undo lasts over a restart. What is written here is from the person who uses the project (setting "annotator").
#pragma once

#include "annotate/judgment/types.h"
#include "base/json.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace stet::annotate {

class ProjectFolder;
class ResponseQueue;
class Settings;

class EditHistory {
public:
    EditHistory(ProjectFolder& project, const ResponseQueue& queue, const Settings& settings)
        : m_project(project), m_queue(queue), m_settings(settings)
    {
    }

    void saveDraft(ResponseId id, const std::string& text);  // equal to the submitted text: the draft is removed
    void saveRevisionDraft(ResponseId id, const std::string& text);  // the same of the corrected response
    // revision: the response as it should have been, empty or the response itself: there is none any more; nullopt:
    // what there was stands, with its draft.
    void submit(ResponseId id, Verdict verdict, const std::string& judgment,
                const std::optional<std::string>& revision = std::nullopt);
    void setMarks(ResponseId id, const std::vector<Mark>& marks);
    void setBookmarked(ResponseId id, bool bookmarked);
    void dropSuggestion(ResponseId id);  // the suggested judgment; none is drafted again
    void setTrashed(ResponseId id, bool trashed);
    // The response the edit belonged to, or nullopt when there is nothing.
    std::optional<ResponseId> undo();
    std::optional<ResponseId> redo();

private:
    // These stand inside the edit's transaction. A state is text: what undo puts back.
    using Change = std::function<std::string(const std::string& before)>;
    void change(const std::string& kind, ResponseId id, const Change& after);
    std::string stateOf(const std::string& kind, ResponseId id) const;
    void apply(const std::string& kind, ResponseId id, const std::string& state);
    void applyVerdict(ResponseId id, const std::string& state);
    void applyRevision(ResponseId id, const Json& state);
    void applyMarks(ResponseId id, const std::string& state);
    void applySuggestion(ResponseId id, const std::string& state);
    void writeDraft(ResponseId id, const std::string& text);
    void writeRevisionDraft(ResponseId id, const std::string& text);
    Json revisedState(ResponseId id, const std::string& revision) const;
    void record(const std::string& kind, ResponseId id, const std::string& before, const std::string& after);

    std::optional<ResponseId> step(bool undo);

    Author annotator() const;

    ProjectFolder& m_project;
    const ResponseQueue& m_queue;
    const Settings& m_settings;
};

}  // namespace stet::annotate
