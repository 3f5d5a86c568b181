// A plain text that asks something on every line: instructions alone.
#include "annotate/exchange/formats/format.h"
#include "base/failure.h"
#include "base/utf8.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace stet::annotate {

namespace {

constexpr std::size_t kLongestLine = std::size_t{1} << 20;

std::string trimmed(const std::string& line)
{
    const auto begin = line.find_first_not_of(" \t\r");
    return begin == std::string::npos ? std::string() : line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1);
}

class Reader final : public RowReader {
public:
    Reader(std::unique_ptr<std::istream> text, std::string name) : m_text(std::move(text)), m_name(std::move(name)) { }

    std::optional<DataRow> next() override
    {
        for (std::string line; std::getline(*m_text, line);) {
            ++m_number;
            if (m_number == 1 && line.starts_with("\xEF\xBB\xBF")) {
                line.erase(0, 3);
            }
            const std::string where = m_name + ", line " + std::to_string(m_number);
            if (line.size() > kLongestLine) {
                throw badInput(where + ": it is longer than 1 MiB; a text has one instruction a line");
            }
            if (!isValidUtf8(line)) {
                throw badInput(where + ": it is not UTF-8; save the file as UTF-8");
            }
            if (const std::string text = trimmed(line); !text.empty()) {
                Json record = {{"instruction", text}};
                std::string whole = toLine(record);
                return DataRow{std::move(record), std::move(whole), where};
            }
        }
        return std::nullopt;
    }

private:
    std::unique_ptr<std::istream> m_text;
    std::string m_name;
    int m_number = 0;
};

class LinesFormat final : public Format {
public:
    std::string name() const override { return "lines"; }
    std::string title() const override { return "Text, one instruction a line"; }
    std::string extension() const override { return "txt"; }
    bool sniff(std::string_view) const override { return false; }  // any text would look like one
    std::unique_ptr<RowReader> open(const std::string& path) const override
    {
        auto file = std::make_unique<std::ifstream>(path, std::ios::binary);
        if (!*file) {
            throw badInput("Cannot open " + path + ": " + describeErrno(errno));
        }
        return std::make_unique<Reader>(std::move(file), std::filesystem::path(path).filename().string());
    }
    std::unique_ptr<RowWriter> writer(const Append&) const override { return nullptr; }
    bool isWritten() const override { return false; }
};

}  // namespace

std::shared_ptr<RowReader> linesOf(const std::string& text, const std::string& name)
{
    return std::make_shared<Reader>(std::make_unique<std::istringstream>(text), name);
}

std::unique_ptr<const Format> makeLinesFormat()
{
    return std::make_unique<const LinesFormat>();
}

}  // namespace stet::annotate
