#include "annotate/exchange/formats/records.h"
#include "base/failure.h"
#include "base/foreign_data.h"
#include "base/text_source.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace stet::annotate {

namespace {

// Of NAME.CSV.gz ".csv".
std::string extensionOf(std::filesystem::path path)
{
    if (path.extension() == ".gz") {
        path.replace_extension();
    }
    std::string extension = path.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return extension;
}

// null: it is no JSON, or broken; the reader of its rows says what is wrong.
Json firstRecordOf(const std::string& path, std::string_view head)
{
    if (!head.starts_with('{') && !head.starts_with('[')) {
        return nullptr;
    }
    try {
        const auto record = readRecords(path)->next();
        return record ? record->fields : Json();
    } catch (const Failure&) {
        return nullptr;
    }
}

FileHead headOf(const std::string& path)
{
    FileHead head;
    head.text = beginningOf(*openText(path));
    head.record = firstRecordOf(path, head.text);
    head.extension = extensionOf(path);
    return head;
}

std::string namesOf(bool (*wanted)(const Format&))
{
    std::string names;
    for (const Format* format : formats()) {
        if (wanted(*format)) {
            names += (names.empty() ? "" : ", ") + format->name();
        }
    }
    return names;
}

}  // namespace

const std::vector<const Format*>& formats()
{
    static const std::unique_ptr<const Format> kOwned[] = {
        makeCutFormat(),      makeJsonLinesFormat(), makeAlpacaFormat(),        makeOpenAiFormat(),
        makeShareGptFormat(), makeShepherdFormat(),  makeUltraFeedbackFormat(), makeTrlFormat(),
        makeTrlPairsFormat(), makeCsvFormat(),       makeTsvFormat(),           makeLinesFormat()};
    static const std::vector<const Format*> kFormats = [] {
        std::vector<const Format*> list;
        for (const auto& format : kOwned) {
            list.push_back(format.get());
        }
        return list;
    }();
    return kFormats;
}

std::string formatNames()
{
    return namesOf([](const Format&) { return true; });
}

std::string writtenFormatNames()
{
    return namesOf([](const Format& format) { return format.isWritten(); });
}

const Format& formatNamed(const std::string& name)
{
    for (const Format* format : formats()) {
        if (format->name() == name) {
            return *format;
        }
    }
    throw Failure(FailureKind::Usage,
                  "Format '" + name + "' is not supported in this version; supported: " + formatNames());
}

const Format& formatOfFile(const std::string& path, const Columns& columns)
{
    const FileHead head = headOf(path);
    const auto known = std::find_if(formats().rbegin(), formats().rend(), [&](const Format* format) {
        return (columns.empty() || format->takesColumns()) && format->recognises(head);
    });
    if (known != formats().rend()) {
        return **known;
    }
    if (const auto foreign = foreignFile(head.text)) {
        throw badInput(path + ": " + *foreign);
    }
    return formatNamed("jsonl");  // whose reader says what is wrong with the first line
}

const Format* formatByExtension(const std::string& path)
{
    const std::string extension = std::filesystem::path(path).extension().string();
    const auto found = std::find_if(formats().begin(), formats().end(), [&](const Format* format) {
        return format->isWritten() && "." + format->extension() == extension;
    });
    return found == formats().end() ? nullptr : *found;
}

}  // namespace stet::annotate
