#include "annotate/exchange/formats/format.h"
#include "base/failure.h"
#include "base/foreign_data.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>

namespace stet::annotate {

namespace {

// The first bytes are enough to tell formats apart.
std::string headOf(const std::string& path)
{
    constexpr std::size_t kHeadBytes = 1U << 16U;
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        throw badInput("Cannot open " + path + ": " + describeErrno(errno));
    }
    std::string head(kHeadBytes, '\0');
    file.read(head.data(), kHeadBytes);
    head.resize(static_cast<std::size_t>(file.gcount()));
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
    static const std::unique_ptr<const Format> kOwned[] = {makeCutFormat(), makeJsonLinesFormat(), makeLinesFormat()};
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

const Format& formatOfFile(const std::string& path)
{
    const std::string bytes = headOf(path);
    if (const auto foreign = foreignFile(bytes)) {
        throw badInput(path + ": " + *foreign);
    }
    std::string_view head = bytes;
    head.remove_prefix(head.starts_with("\xEF\xBB\xBF") ? 3 : 0);
    head.remove_prefix(std::min(head.find_first_not_of(" \t\r\n"), head.size()));
    for (const Format* format : formats()) {
        if (format->sniff(head)) {
            return *format;
        }
    }
    // A text says by its name alone that it is one; of anything else the reader says what is wrong with the first line.
    return formatNamed(std::filesystem::path(path).extension() == ".txt" ? "lines" : "jsonl");
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
