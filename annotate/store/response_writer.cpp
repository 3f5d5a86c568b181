#include "annotate/store/response_writer.h"

#include "annotate/store/author_columns.h"
#include "annotate/store/texts.h"

#include <string>

namespace stet::annotate {

namespace {

void bindResponse(SQLite::Statement& insert, std::int64_t batch, const NewResponse& r)
{
    insert.bind(1, batch);
    insert.bind(2, r.externalId);
    insert.bind(3, r.instruction);
    insert.bind(4, r.input);
    insert.bind(5, r.output);
    insert.bind(6, r.stoppedByLength ? 1 : 0);
    insert.bind(7, r.hint);
    insert.bind(8, r.extra);
    insert.bind(9, textsHash(r.instruction, r.input, r.output, r.messages));
    insert.bind(10, contract::marksToText(r.marks));
    insert.bind(11, r.messages);
    insert.bind(12, r.hasOutput ? 1 : 0);
    insert.bind(13, r.set);
    bindAuthor(insert, 14, r.author);
    bindAuthor(insert, 14 + kAuthorColumns, r.markedBy);
    bindAuthor(insert, 14 + 2 * kAuthorColumns, r.hintedBy);
    insert.bind(14 + 3 * kAuthorColumns, askedKey(r.instruction, r.input, r.messages));
    insert.bind(15 + 3 * kAuthorColumns, r.sampling);
}

void addTexts(SQLite::Database& database, ResponseId id, const NewResponse& r)
{
    if (r.verdict != Verdict::Open) {
        addJudgment(database, id, r.verdict, r.judgment, r.judgedBy);
    }
    if (r.revision) {
        addBetterAnswer(database, id, kRevision, *r.revision, r.revisedBy);
    }
    if (r.demonstration) {
        addBetterAnswer(database, id, kDemonstration, *r.demonstration, r.demonstratedBy);
    }
}

}  // namespace

ResponseWriter::ResponseWriter(SQLite::Database& database, std::int64_t batch)
    : m_database(database)
    , m_batch(batch)
    , m_insert(database,
               "INSERT INTO responses (batch, external_id, instruction, input, output, stopped_by_length, hint, extra, "
               "sha256, marks, messages, has_output, in_set, " +
                   authorColumns("author") + ", " + authorColumns("marks_author") + ", " +
                   authorColumns("hint_author") +
                   ", asked, sampling) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                   "?, ?, ?)")
{
}

ResponseId ResponseWriter::add(const NewResponse& response)
{
    m_insert.reset();
    bindResponse(m_insert, m_batch, response);
    m_insert.exec();
    const ResponseId id{m_database.getLastInsertRowid()};
    addTexts(m_database, id, response);
    return id;
}

}  // namespace stet::annotate
