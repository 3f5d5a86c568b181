// Text in UTF-16, as spreadsheets and Windows save it, as UTF-8. Any thread.
#pragma once

#include "base/text_source.h"

#include <optional>
#include <string_view>

namespace stet {

enum class Utf16 { LittleEndian, BigEndian };

// By its byte order mark, or without one by the zeros beside ASCII's characters; nullopt: it is no UTF-16.
std::optional<Utf16> utf16Of(std::string_view head);

// Half a pair becomes U+FFFD; a mark in front is left out. Failure(BadInput) of read(): an odd number of bytes.
std::unique_ptr<ByteSource> fromUtf16(std::unique_ptr<ByteSource> units, Utf16 order, const std::string& path);

}  // namespace stet
