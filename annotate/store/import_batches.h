// What imports bring in: rows of a batch are invisible until it is published; cancelling deletes them.
#pragma once

#include "annotate/judgment/types.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stet::annotate {

class ProjectFolder;

struct NewResponse {
    std::string externalId;  // as JSON text
    std::string instruction;
    std::string input;
    std::string output;
    bool stoppedByLength = false;
    Verdict verdict = Verdict::Open;
    std::string judgment;
    std::string judgedBy = "import";  // shown beside the verdict
    std::vector<Mark> marks;
    std::string hint;
    std::string extra =
        "{}";  // fields of the file that have no column, as a JSON object, so that an export equals the import
};

class ImportBatches {
public:
    explicit ImportBatches(ProjectFolder& project) : m_project(project) { }

    std::int64_t beginBatch(const std::string& name);
    void addResponses(std::int64_t batch, const std::vector<NewResponse>& responses);
    void publishBatch(std::int64_t batch);
    void cancelBatch(std::int64_t batch);

protected:
    void cancelUnpublished();  // what an import left that was killed: nobody has seen it

private:
    ProjectFolder& m_project;
};

// The hash that is stored beside a response's texts and that the check compares.
std::string textsHash(const std::string& instruction, const std::string& input, const std::string& output);

}  // namespace stet::annotate
