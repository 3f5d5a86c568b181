#include "annotate/store/schema.h"

#include "annotate/store/schema_revision_2.h"
#include "annotate/store/schema_revision_3.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>

namespace stet::annotate {

const std::vector<SchemaRevision>& schemaRevisions()
{
    static const std::vector<SchemaRevision> kRevisions = {
        {1, "Responses, judgments as append-only revisions, drafts, rounds, undo.",
         R"sql(
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE batches (id INTEGER PRIMARY KEY, name TEXT NOT NULL, published INTEGER NOT NULL DEFAULT 0, at TEXT NOT NULL) STRICT;
CREATE TABLE responses (
  id INTEGER PRIMARY KEY,
  batch INTEGER NOT NULL REFERENCES batches (id),
  external_id TEXT NOT NULL,
  instruction TEXT NOT NULL,
  input TEXT NOT NULL,
  output TEXT NOT NULL,
  stopped_by_length INTEGER NOT NULL,
  hint TEXT NOT NULL,
  extra TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  verdict INTEGER NOT NULL DEFAULT 0,
  judgment INTEGER REFERENCES judgments (seq),
  marks TEXT NOT NULL DEFAULT '[]',
  flagged INTEGER NOT NULL DEFAULT 0,
  trashed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX responses_by_verdict ON responses (trashed, verdict, id);
CREATE INDEX responses_by_external ON responses (external_id);
CREATE TABLE judgments (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  response INTEGER NOT NULL REFERENCES responses (id) DEFERRABLE INITIALLY DEFERRED,
  verdict INTEGER NOT NULL,
  text TEXT NOT NULL,
  author TEXT NOT NULL,
  at TEXT NOT NULL,
  sha256 TEXT NOT NULL
) STRICT;
CREATE TABLE drafts (response INTEGER PRIMARY KEY REFERENCES responses (id), text TEXT NOT NULL, at TEXT NOT NULL) STRICT;
CREATE TABLE deeds (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  response INTEGER NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  undone INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE instructions (
  id INTEGER PRIMARY KEY, in_set TEXT NOT NULL, external_id TEXT NOT NULL, instruction TEXT NOT NULL, input TEXT NOT NULL, output TEXT NOT NULL
) STRICT;
CREATE TABLE rounds (
  number INTEGER PRIMARY KEY, parent INTEGER NOT NULL, state INTEGER NOT NULL, preset TEXT NOT NULL, criticised INTEGER NOT NULL,
  accepted INTEGER NOT NULL, steps INTEGER NOT NULL, steps_done INTEGER NOT NULL, failure TEXT NOT NULL, started TEXT NOT NULL,
  finished TEXT NOT NULL, summary TEXT NOT NULL
) STRICT;
CREATE TABLE choices (round INTEGER NOT NULL, item TEXT NOT NULL, preference TEXT NOT NULL, PRIMARY KEY (round, item)) STRICT;
)sql"},
        // responses.flagged is a bookmark; its name stays, for older programs read it.
        {2, "Conversations, better answers, sets, and who wrote what.",
         R"sql(
CREATE TABLE better_answers (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  response INTEGER NOT NULL REFERENCES responses (id) DEFERRABLE INITIALLY DEFERRED,
  kind TEXT NOT NULL,
  text TEXT NOT NULL,
  author_kind INTEGER NOT NULL,
  author TEXT NOT NULL,
  author_model TEXT NOT NULL,
  author_round INTEGER,
  at TEXT NOT NULL,
  sha256 TEXT NOT NULL
) STRICT;
ALTER TABLE responses ADD COLUMN messages TEXT NOT NULL DEFAULT '';
ALTER TABLE responses ADD COLUMN has_output INTEGER NOT NULL DEFAULT 1;
ALTER TABLE responses ADD COLUMN in_set TEXT NOT NULL DEFAULT '';
ALTER TABLE responses ADD COLUMN revision INTEGER REFERENCES better_answers (seq);
ALTER TABLE responses ADD COLUMN demonstration INTEGER REFERENCES better_answers (seq);
ALTER TABLE responses ADD COLUMN author_kind INTEGER NOT NULL DEFAULT 0;
ALTER TABLE responses ADD COLUMN author TEXT NOT NULL DEFAULT '';
ALTER TABLE responses ADD COLUMN author_model TEXT NOT NULL DEFAULT '';
ALTER TABLE responses ADD COLUMN author_round INTEGER;
ALTER TABLE responses ADD COLUMN marks_author_kind INTEGER NOT NULL DEFAULT 0;
ALTER TABLE responses ADD COLUMN marks_author TEXT NOT NULL DEFAULT '';
ALTER TABLE responses ADD COLUMN marks_author_model TEXT NOT NULL DEFAULT '';
ALTER TABLE responses ADD COLUMN marks_author_round INTEGER;
ALTER TABLE judgments ADD COLUMN author_kind INTEGER NOT NULL DEFAULT 0;
ALTER TABLE judgments ADD COLUMN author_model TEXT NOT NULL DEFAULT '';
ALTER TABLE judgments ADD COLUMN author_round INTEGER;
UPDATE judgments SET author_kind = CASE WHEN author = 'you' THEN 1 WHEN author IN ('', 'import', 'recovered') THEN 0 ELSE 3 END;
UPDATE judgments SET author = '' WHERE author_kind <> 3;
ALTER TABLE deeds RENAME TO edits;
UPDATE edits SET kind = 'bookmarked' WHERE kind = 'flagged';
UPDATE responses SET marks_author_kind = 1 WHERE id IN (SELECT response FROM edits WHERE kind = 'marks');
)sql",
         moveIntoRevision2},
        {3, "Instructions that wait for a response, what was asked as one key, and how a response was generated.",
         R"sql(
ALTER TABLE instructions ADD COLUMN messages TEXT NOT NULL DEFAULT '';
ALTER TABLE instructions ADD COLUMN asked TEXT NOT NULL DEFAULT '';
ALTER TABLE instructions ADD COLUMN batch INTEGER REFERENCES batches (id);
ALTER TABLE responses ADD COLUMN asked TEXT NOT NULL DEFAULT '';
ALTER TABLE responses ADD COLUMN sampling TEXT NOT NULL DEFAULT '';
CREATE INDEX responses_by_asked ON responses (asked);
CREATE INDEX instructions_by_asked ON instructions (asked, in_set);
CREATE INDEX instructions_by_set ON instructions (in_set);
CREATE INDEX instructions_by_external ON instructions (external_id);
)sql",
         fillRevision3},
        {4, "Corrected responses that were typed and not submitted.",
         R"sql(
CREATE TABLE revision_drafts (response INTEGER PRIMARY KEY REFERENCES responses (id), text TEXT NOT NULL, at TEXT NOT NULL) STRICT;
)sql"},
        {5, "Whom a suggestion is from: judgments that a model drafted.",
         R"sql(
ALTER TABLE responses ADD COLUMN hint_author_kind INTEGER NOT NULL DEFAULT 0;
ALTER TABLE responses ADD COLUMN hint_author TEXT NOT NULL DEFAULT '';
ALTER TABLE responses ADD COLUMN hint_author_model TEXT NOT NULL DEFAULT '';
ALTER TABLE responses ADD COLUMN hint_author_round INTEGER;
)sql"},
    };
    return kRevisions;
}

void migrateSchema(SQLite::Database& database, int have)
{
    SQLite::Transaction transaction(database);
    for (const auto& revision : schemaRevisions()) {
        if (revision.number > have) {
            database.exec(revision.sql);
            if (revision.fill != nullptr) {
                revision.fill(database);
            }
        }
    }
    database.exec("PRAGMA application_id = " + std::to_string(kApplicationId));
    database.exec("PRAGMA user_version = " + std::to_string(schemaRevisions().back().number));
    transaction.commit();
}

}  // namespace stet::annotate
