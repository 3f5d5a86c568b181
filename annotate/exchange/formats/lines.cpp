// A plain text that asks something on every line: instructions alone.
#include "annotate/exchange/formats/format.h"
#include "base/failure.h"
#include "base/foreign_data.h"
#include "base/text_source.h"
#include "base/utf8.h"

#include <filesystem>

namespace stet::annotate {

namespace {

constexpr std::size_t kLongestLine = std::size_t{1} << 20;

std::string trimmed(const std::string& line)
{
    const auto begin = line.find_first_not_of(" \t\r");
    return begin == std::string::npos ? std::string() : line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1);
}

// Any text looks like lines; what is known to be something else is not taken for one by its name.
bool isOther(const std::string& head)
{
    return head.starts_with('{') || head.starts_with('[') || foreignFile(head);
}

class Reader final : public RowReader {
public:
    Reader(std::unique_ptr<ByteSource> text, const std::string& name) : m_lines(std::move(text), name, kLongestLine) { }

    std::optional<DataRow> next() override
    {
        for (std::string line; m_lines.next(line);) {
            if (!isValidUtf8(line)) {
                throw badInput(m_lines.where() + ": it is not UTF-8; save the file as UTF-8");
            }
            if (const std::string text = trimmed(line); !text.empty()) {
                Json record = {{"instruction", text}};
                std::string whole = toLine(record);
                return DataRow{std::move(record), std::move(whole), m_lines.where(), {}};
            }
        }
        return std::nullopt;
    }

private:
    TextLines m_lines;
};

class LinesFormat final : public Format {
public:
    std::string name() const override { return "lines"; }
    std::string title() const override { return "Text, one instruction a line"; }
    std::string extension() const override { return "txt"; }
    bool recognises(const FileHead& head) const override { return head.extension == ".txt" && !isOther(head.text); }
    std::unique_ptr<RowReader> open(const std::string& path, const Columns&) const override
    {
        return std::make_unique<Reader>(openText(path), std::filesystem::path(path).filename().string());
    }
    std::unique_ptr<RowWriter> writer(const Append&) const override { return nullptr; }
    bool isWritten() const override { return false; }
};

}  // namespace

std::shared_ptr<RowReader> linesOf(const std::string& text, const std::string& name)
{
    return std::make_shared<Reader>(sourceOf(text), name);
}

std::unique_ptr<const Format> makeLinesFormat()
{
    return std::make_unique<const LinesFormat>();
}

}  // namespace stet::annotate
