#include "annotate/store/response_rows.h"

#include "annotate/store/author_columns.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <optional>

namespace stet::annotate {

namespace {

std::optional<std::string> optionalText(SQLite::Statement& row, int column)
{
    return row.getColumn(column).isNull() ? std::nullopt : std::optional(row.getColumn(column).getString());
}

}  // namespace

std::string selectResponseItems()
{
    return "SELECT r.id, r.external_id, r.instruction, r.input, r.output, r.stopped_by_length, r.verdict, "
           "coalesce(j.text, ''), d.text, r.marks, r.flagged, r.hint, r.messages, r.has_output, r.in_set, v.text, "
           "e.text, r.extra, r.sampling, w.text, " +
        authorColumns("r.author") + ", " + authorColumns("j.author") + ", " + authorColumns("v.author") + ", " +
        authorColumns("e.author") + ", " + authorColumns("r.marks_author") + ", " + authorColumns("r.hint_author") +
        kFromResponses +
        "LEFT JOIN better_answers v ON v.seq = r.revision LEFT JOIN better_answers e ON e.seq = r.demonstration ";
}

ResponseItem responseItemFrom(SQLite::Statement& row)
{
    constexpr int kFirstAuthor = 20;
    ResponseItem item;
    item.id = {row.getColumn(0).getInt64()};
    item.externalId = row.getColumn(1).getString();
    item.instruction = row.getColumn(2).getString();
    item.input = row.getColumn(3).getString();
    item.output = row.getColumn(4).getString();
    item.stoppedByLength = row.getColumn(5).getInt() != 0;
    item.verdict = static_cast<Verdict>(row.getColumn(6).getInt());
    item.judgment = row.getColumn(7).getString();
    item.draft = optionalText(row, 8);
    item.marks = contract::marksFromText(row.getColumn(9).getString(), "marks");
    item.bookmarked = row.getColumn(10).getInt() != 0;
    item.hint = row.getColumn(11).getString();
    item.messages = row.getColumn(12).getString();
    item.hasOutput = row.getColumn(13).getInt() != 0;
    item.set = row.getColumn(14).getString();
    item.revision = optionalText(row, 15);
    item.demonstration = optionalText(row, 16);
    item.extra = row.getColumn(17).getString();
    item.sampling = row.getColumn(18).getString();
    item.revisionDraft = optionalText(row, 19);
    int column = kFirstAuthor;
    for (Author* author :
         {&item.author, &item.judgedBy, &item.revisedBy, &item.demonstratedBy, &item.markedBy, &item.hintedBy}) {
        *author = authorFrom(row, column);
        column += kAuthorColumns;
    }
    return item;
}

}  // namespace stet::annotate
