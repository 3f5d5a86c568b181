#include "annotate/exchange/export.h"

#include "annotate/exchange/formats/format.h"

#include <iostream>

namespace stet::annotate {

namespace {

constexpr int kItemsAtOnce = 200;

int writeItems(const Project& project, RowWriter& writer, QueueFilter filter, const std::function<void()>& between)
{
    int written = 0;
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
        if (between) {
            between();
        }
    }
}

}  // namespace

int exportFile(const Project& project, const std::string& path, const std::string& format, QueueFilter filter,
               const std::function<void()>& between)
{
    const Format& chosen = formatNamed(format);
    int written = 0;
    const auto write = [&](const Append& append) {
        written = writeItems(project, *chosen.writer(append), filter, between);
    };
    if (path == "-") {
        write([](std::string_view text) { std::cout << text; });
    } else {
        publishFile(path, write);
    }
    return written;
}

}  // namespace stet::annotate
