#include "annotate/store/settings.h"

#include "annotate/store/sql.h"

namespace stet::annotate {

std::string Settings::setting(const std::string& key, const std::string& fallback) const
{
    return reading(m_project, [&](auto& database) {
        SQLite::Statement query(database, "SELECT value FROM settings WHERE key = ?");
        query.bind(1, key);
        return query.executeStep() ? query.getColumn(0).getString() : fallback;
    });
}

void Settings::setSetting(const std::string& key, const std::string& value)
{
    writing(m_project, [&](auto& database) {
        SQLite::Statement insert(
            database, "INSERT INTO settings VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value");
        insert.bind(1, key);
        insert.bind(2, value);
        insert.exec();
    });
}

}  // namespace stet::annotate
