#include "base/foreign_data.h"

#include "base/json_text.h"
#include "base/table_reader.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

namespace stet {

namespace {

using namespace std::string_view_literals;

std::string byPandas(const std::string& reader)
{
    return "python3 -c \"import pandas; pandas." + reader +
        "('IN').to_json('OUT.jsonl', orient='records', lines=True)\"";
}

struct Signature {
    std::string_view bytes;
    const char* what;
    const char* help;
};

// Files that say in their first bytes what they are.
constexpr std::array kSignatures = {
    Signature{"PAR1"sv, "a Parquet file", "read_parquet"},
    Signature{"ARROW1"sv, "an Arrow file", "read_feather"},
    Signature{"\x1F\x8B"sv, "compressed with gzip twice, or by a method of its own", "unpack it: gunzip -k FILE"},
    Signature{"\x28\xB5\x2F\xFD"sv, "compressed with zstd", "unpack it: unzstd FILE"},
    Signature{"BZh"sv, "compressed with bzip2", "unpack it: bunzip2 -k FILE"},
    Signature{"\xFD"
              "7zXZ"sv,
              "compressed with xz", "unpack it: unxz -k FILE"},
    Signature{"SQLite format 3"sv, "an SQLite database", "export the table as JSON Lines"},
    Signature{"%PDF"sv, "a PDF", "name a file of data"},
    Signature{"version https://git-lfs"sv, "a Git LFS pointer and not the file itself",
              "fetch what it stands for: git lfs pull"},
    Signature{"\xFF\xFE\0\0"sv, "text in UTF-32", "save it as UTF-8: iconv -f UTF-32 -t UTF-8 IN > OUT"},
    Signature{"\x80\x02"sv, "a Python pickle", "write it as JSON Lines from Python; a pickle can run code"},
    Signature{"\x80\x03"sv, "a Python pickle", "write it as JSON Lines from Python; a pickle can run code"},
    Signature{"\x80\x04"sv, "a Python pickle", "write it as JSON Lines from Python; a pickle can run code"},
    Signature{"\x80\x05"sv, "a Python pickle", "write it as JSON Lines from Python; a pickle can run code"},
};

std::string sentence(const std::string& what, const std::string& help)
{
    return "This is " + what + "; " + help;
}

// Of rows that another format of the import has.
std::string ofFormat(const std::string& what, const std::string& format)
{
    return sentence(what,
                    "`stet import` reads a file of such rows (--format " + format +
                        "), and `stet export --format "
                        "jsonl` writes lines of it");
}

std::optional<std::string> bySignature(std::string_view head)
{
    for (const auto& one : kSignatures) {
        if (head.starts_with(one.bytes)) {
            const std::string help = one.help;
            return sentence(one.what, help.starts_with("read_") ? "convert it: " + byPandas(help) : help);
        }
    }
    if (head.starts_with("PK\x03\x04")) {
        return head.find("[Content_Types].xml") != std::string_view::npos || head.find("xl/") != std::string_view::npos
            ? sentence("an Excel workbook", "convert it: " + byPandas("read_excel"))
            : sentence("a zip archive", "unpack it and name the file in it");
    }
    return std::nullopt;
}

std::string lower(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

std::optional<std::string> byTable(std::string_view head)
{
    static const std::array<std::string_view, 15> kColumns = {
        "id",     "instruction", "input",  "output",   "prompt",     "response", "judgment", "question",
        "answer", "text",        "chosen", "rejected", "completion", "label",    "feedback"};
    const auto line = head.substr(0, head.find('\n'));
    for (const auto& [separator, name] : {std::pair('\t', "TSV"), std::pair(',', "CSV"), std::pair(';', "CSV")}) {
        const auto fields = cellsOf(line, separator);
        const bool known = std::any_of(fields.begin(), fields.end(), [](const std::string& field) {
            return std::find(kColumns.begin(), kColumns.end(), lower(field)) != kColumns.end();
        });
        if (fields.size() > 1 && known) {
            return sentence(std::string("a table (") + name + ") and no JSON",
                            "`stet import` reads it; as JSON Lines: " +
                                byPandas(separator == '\t' ? "read_table" : "read_csv"));
        }
    }
    return std::nullopt;
}

// A first line that ends in the midst of an object.
bool isSpreadOut(std::string_view head)
{
    const auto newline = head.find('\n');
    if (newline == std::string_view::npos || endOfJsonValue(head.substr(0, newline), 0) != std::string_view::npos) {
        return false;
    }
    const auto last = head.find_last_not_of(" \t\r\n", newline);
    return last != std::string_view::npos && std::string_view("{[,:").find(head[last]) != std::string_view::npos;
}

bool isListOfObjects(const Json& value)
{
    return value.is_array() && !value.empty() && value.front().is_object() && value.back().is_object();
}

// {"instruction": {"0": "…", "1": "…"}, …}
bool isTableByColumns(const Json& row)
{
    return !row.empty() && std::all_of(row.begin(), row.end(), [](const Json& column) {
        return column.is_object() && column.contains("0");
    });
}

}  // namespace

std::optional<std::string> foreignFile(std::string_view head)
{
    if (auto known = bySignature(head)) {
        return known;
    }
    head.remove_prefix(std::min(head.find_first_not_of(" \t\r\n"), head.size()));
    const std::string begin = lower(head.substr(0, 16));
    if (begin.starts_with("<!doctype html") || begin.starts_with("<html")) {
        return sentence("an HTML page", "download the file itself (on a hub the link named \"raw\" or \"download\")");
    }
    if (begin.starts_with("<?xml")) {
        return sentence("XML", "convert it: " + byPandas("read_xml"));
    }
    if (head.starts_with("{'") || head.starts_with("[{'")) {
        return sentence("Python's notation and no JSON", "write it with json.dumps");
    }
    if (head.starts_with('{')) {
        return isSpreadOut(head)
            ? std::optional(sentence("one JSON object over several lines",
                                     "JSON Lines have one object a line: jq -c . IN > OUT.jsonl. A "
                                     "CUT file is a list: jq -s . IN > OUT.json"))
            : std::nullopt;
    }
    return head.starts_with('[') ? std::nullopt : byTable(head);
}

std::optional<std::string> foreignRow(const Json& row)
{
    if (!row.is_object()) {
        return std::nullopt;
    }
    const auto has = [&](const char* field) { return row.contains(field); };
    if (has("conversations")) {
        return ofFormat("a ShareGPT conversation ('conversations')", "sharegpt");
    }
    if (has("chosen") && has("rejected")) {
        return ofFormat("a preference pair ('chosen' and 'rejected')", "trl-pairs");
    }
    if (has("completions")) {
        return ofFormat("a row with several answers ('completions', as in UltraFeedback)", "ultrafeedback");
    }
    if (const auto messages = row.find("messages"); messages != row.end() && isListOfObjects(*messages) &&
        messages->back().value("role", Json()) == "assistant" && !has("output")) {
        return ofFormat("a conversation as OpenAI's files have it ('messages' up to the answer)", "openai");
    }
    if (has("prompt") && has("completion")) {
        return ofFormat("a row with 'prompt' and 'completion', as in TRL", "trl");
    }
    if (has("question") && has("answer") && has("feedback")) {
        return ofFormat("a judgment as in Shepherd ('question', 'answer', 'feedback')", "shepherd");
    }
    using Names = std::pair<std::string, std::string>;
    for (const auto& [asked, answer] :
         {Names("prompt", "response"), Names("question", "answer"), Names("instruction", "response")}) {
        if (row.contains(asked) && row.contains(answer)) {
            return sentence("a row with '" + asked + "' and '" + answer + "'",
                            "rename them to 'instruction' and 'output', as does stet import --columns instruction=" +
                                asked + ",output=" + answer);
        }
    }
    if (isTableByColumns(row)) {
        return sentence("a table written by columns", "write it with orient='records', lines=True");
    }
    if (!has("instruction")) {
        for (const auto& [name, value] : row.items()) {
            if (isListOfObjects(value) && name != "messages") {
                return sentence("one object that holds a list in '" + name + "'",
                                "take the list out: jq -c '." + name + "[]' IN > OUT.jsonl");
            }
        }
    }
    return std::nullopt;
}

}  // namespace stet
