// Which responses of a file the project has already, told by their texts: files without ids have nothing else. What the
// file says about a response counts as well, so that a second opinion on it is news. One import on the store's thread;
// it asks for what the file brings, and answers from memory what was asked before. Failure(BadInput): the database
// can't be read.
#pragma once

#include "annotate/store/import_batches.h"

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_set>

namespace stet::annotate {

class ProjectFolder;

class KnownResponses {
public:
    explicit KnownResponses(const ProjectFolder& project);  // which outlives it
    ~KnownResponses();
    KnownResponses(const KnownResponses&) = delete;
    KnownResponses& operator=(const KnownResponses&) = delete;

    // The same instruction, input, conversation and output; and where the row has a judgment, a revision or a
    // demonstration, these texts, in force or replaced since. Whose they are and what is marked does not matter.
    bool holds(const NewResponse& r);

private:
    struct Queries;
    void learn(const std::string& asked);  // what the project has of this

    const ProjectFolder& m_project;
    std::unique_ptr<Queries> m_queries;         // from the first row on
    std::unordered_set<std::string> m_asked;    // what was learned
    std::unordered_set<std::uint64_t> m_facts;  // a hash of a response's texts, also with each text about it
};

}  // namespace stet::annotate
