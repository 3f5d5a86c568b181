// New responses as rows, with what is written about them. annotate/store only, inside a transaction of the caller's.
#pragma once

#include "annotate/store/import_batches.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>

namespace stet::annotate {

class ResponseWriter {
public:
    ResponseWriter(SQLite::Database& database, std::int64_t batch);
    ResponseId add(const NewResponse& response);

private:
    SQLite::Database& m_database;
    std::int64_t m_batch;
    SQLite::Statement m_insert;
};

}  // namespace stet::annotate
