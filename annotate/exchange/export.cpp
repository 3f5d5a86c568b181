#include "annotate/exchange/export.h"

#include "annotate/exchange/formats/format.h"
#include "base/failure.h"

#include <iostream>

namespace stet::annotate {

namespace {

constexpr int kItemsAtOnce = 200;

int writeItems(const Project& project, RowWriter& writer, QueueFilter filter, const ExportHooks& hooks)
{
    int written = 0;
    int done = 0;
    ResponseId after;
    for (;;) {
        const auto items = project.items(filter, after, kItemsAtOnce);
        if (items.empty()) {
            writer.finish();
            return written;
        }
        for (const auto& item : items) {
            written += writer.write(item) ? 1 : 0;
        }
        after = items.back().id;
        done += static_cast<int>(items.size());
        if (hooks.onProgress) {
            hooks.onProgress(done);
        }
        if (hooks.cancelled && hooks.cancelled()) {
            throw Failure(FailureKind::Interrupted, "The export was cancelled; no file was written");
        }
    }
}

}  // namespace

int exportFile(const Project& project, const std::string& path, const std::string& format, QueueFilter filter,
               const ExportHooks& hooks)
{
    const Format& chosen = formatNamed(format);
    if (!chosen.isWritten()) {
        throw Failure(FailureKind::Usage,
                      "Format '" + format + "' is only read; export one of: " + writtenFormatNames());
    }
    int written = 0;
    const auto write = [&](const Append& append) {
        written = writeItems(project, *chosen.writer(append), filter, hooks);
    };
    if (path == "-") {
        write([](std::string_view text) { std::cout << text; });
    } else {
        publishFile(path, write);
    }
    return written;
}

}  // namespace stet::annotate
