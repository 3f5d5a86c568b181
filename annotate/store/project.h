// A project: the folder NAME.stet/ (project.db, rounds/NNNN/, backups/, lock) with all that is in it, one repository
// per aggregate over its one connection. Each header names what its repository is asked for.
//
// Used on one thread at a time (StoreThread's in the window, main's in commands). Texts are append-only revisions,
// deleting is a tombstone, every edit is one transaction, durable when the call returns (WAL, synchronous=FULL).
// Failures are Failure(BadInput) with the folder's name and the next step; after one the project is as before the call.
#pragma once

#include "annotate/store/edit_history.h"
#include "annotate/store/generated_responses.h"
#include "annotate/store/import_batches.h"
#include "annotate/store/instruction_sets.h"
#include "annotate/store/project_folder.h"
#include "annotate/store/response_queue.h"
#include "annotate/store/round_input.h"
#include "annotate/store/rounds.h"
#include "annotate/store/settings.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace stet::annotate {

class Project final : public ProjectFolder,
                      public Settings,
                      public ImportBatches,
                      public InstructionSets,
                      public GeneratedResponses,
                      public ResponseQueue,
                      public EditHistory,
                      public Rounds,
                      public RoundInput {
public:
    static std::unique_ptr<Project> create(const std::string& folder, const std::string& modelFolder);
    // A project that comes into being with what `fill` puts into it, or not at all: it is made under a temporary name
    // beside its own.
    static void make(const std::string& folder, const std::string& modelFolder,
                     const std::function<void(Project&)>& fill);
    // Read-write when nobody else has it; read-only (see readOnly) when another process does, or when the file is newer
    // than this program.
    static std::unique_ptr<Project> open(const std::string& folder);

    std::vector<std::string> check() const;  // sentences; empty = all is well (integrity.h)

private:
    explicit Project(const std::string& folder);
};

}  // namespace stet::annotate
