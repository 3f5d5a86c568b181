// A file that is one JSON list, element by element: as large as the disk, with one element in memory at a time. Packed
// and encoded as base/text_source.h says.
#pragma once

#include "base/json.h"
#include "base/text_source.h"

#include <memory>
#include <optional>
#include <string>

namespace stet {

// One owner, one thread. Failure(BadInput): "judgments.json, record 12: …".
class JsonListReader {
public:
    static constexpr std::size_t kMaxElementBytes = std::size_t{16} << 20;

    explicit JsonListReader(const std::string& path);

    // The next element, or nullopt behind the last one. Not JSON, too long, a file cut short: Failure(BadInput).
    std::optional<Json> next();

    const std::string& text() const { return m_text; }  // of the element returned last, as it is written
    std::string where() const;                          // "judgments.json, record 12"

private:
    bool fill();
    char peek();
    void takeElement();
    [[noreturn]] void cutShort() const;

    std::string m_path;
    std::unique_ptr<ByteSource> m_source;
    bool m_atEnd = false;  // of the source
    std::string m_buffer;
    std::size_t m_at = 0;
    std::string m_text;
    int m_record = 0;
    bool m_ended = false;
};

}  // namespace stet
