// What gzip has packed, unpacked piece by piece: the files of `gzip` and `pigz`, also several behind each other. Any
// thread.
#pragma once

#include "base/text_source.h"

#include <string_view>

namespace stet {

bool looksLikeGzip(std::string_view head);

// path: for messages. Failure(BadInput) of read(): damaged, cut short, or made to fill a disk (it would unpack to
// hundreds of times its size).
std::unique_ptr<ByteSource> gunzip(std::unique_ptr<ByteSource> packed, const std::string& path);

}  // namespace stet
