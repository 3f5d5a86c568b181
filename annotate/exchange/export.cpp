#include "annotate/exchange/export.h"

#include "annotate/judgment/names.h"
#include "base/failure.h"
#include "base/files.h"
#include "base/json.h"

#include <iostream>

namespace stet::annotate {

namespace {

// The record in the order of the paper's files, with the fields that came along.
Json cutRecord(const Project& project, const ResponseItem& item)
{
    const Json extra = parseJson(project.extraOf(item.id), "extra fields");
    Json record = Json::object();
    const Json id = Json::parse(item.externalId, nullptr, false);
    record["id"] = id.is_discarded() ? Json(item.externalId) : id;
    record["instruction"] = item.instruction;
    if (!extra.contains("$no_input") || !item.input.empty()) {
        record["input"] = item.input;
    }
    record["output"] = item.output;
    record["judgment"] = item.verdict == Verdict::Criticised ? Json(item.judgment) : Json();
    for (const auto& [name, value] : extra.items()) {
        if (name != "$no_input") {
            record[name] = value;
        }
    }
    return record;
}

Json lineRecord(const Project& project, const ResponseItem& item)
{
    Json record = cutRecord(project, item);
    if (item.verdict == Verdict::Open || item.verdict == Verdict::Skipped) {
        record.erase("judgment");
    }
    record["verdict"] = verdictName(item.verdict);
    if (!item.marks.empty()) {
        record["marks"] = contract::Codec<std::vector<Mark>>::write(item.marks);
    }
    if (item.stoppedByLength) {
        record["stopped"] = "length";
    }
    if (!item.hint.empty()) {
        record["hint"] = item.hint;
    }
    return record;
}

int writeRecords(const Project& project, bool cut, QueueFilter filter, const std::function<void()>& between,
                 const Append& append)
{
    int written = 0;
    for (const auto id : project.ids(filter)) {
        const auto item = project.item(id);
        if (!item || (cut && item->verdict != Verdict::Accepted && item->verdict != Verdict::Criticised)) {
            continue;
        }
        if (cut) {
            append(written == 0 ? "[\n    " : ",\n    ");
            append(cutRecord(project, *item).dump(-1, ' ', false, Json::error_handler_t::replace));
        } else {
            append(toLine(lineRecord(project, *item)) + "\n");
        }
        ++written;
        if (between) {
            between();
        }
    }
    if (cut) {
        append(written == 0 ? "[]\n" : "\n]\n");
    }
    return written;
}

}  // namespace

int exportFile(const Project& project, const std::string& path, const std::string& format, QueueFilter filter,
               const std::function<void()>& between)
{
    if (format != "cut" && format != "jsonl") {
        throw Failure(FailureKind::Usage,
                      "Format '" + format + "' is not supported in this version; supported: cut, jsonl");
    }
    int written = 0;
    const auto write = [&](const Append& append) {
        written = writeRecords(project, format == "cut", filter, between, append);
    };
    if (path == "-") {
        write([](std::string_view text) { std::cout << text; });
    } else {
        publishFile(path, write);
    }
    return written;
}

}  // namespace stet::annotate
