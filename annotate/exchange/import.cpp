#include "annotate/exchange/import.h"

#include "annotate/exchange/linter.h"
#include "annotate/judgment/marks_json.h"
#include "annotate/judgment/names.h"
#include "base/failure.h"
#include "base/files.h"
#include "base/json_lines.h"

#include <filesystem>
#include <algorithm>
#include <fstream>
#include <functional>
#include <optional>
#include <set>

namespace stet::annotate {

namespace {

constexpr std::size_t kRowsPerTransaction = 200;
constexpr std::size_t kMostBytes = std::size_t{1} << 30;

const std::vector<std::string_view> kColumns = {"id",      "instruction", "input",   "output", "judgment",
                                                "stopped", "marks",       "verdict", "hint"};

Verdict verdictOf(const Json& object, const std::string& where)
{
    const auto named = optionalString(object, "verdict", where);
    if (named) {
        for (const Verdict verdict : {Verdict::Open, Verdict::Accepted, Verdict::Criticised, Verdict::Skipped}) {
            if (*named == verdictName(verdict)) {
                return verdict;
            }
        }
        throw badInput(where + ": field 'verdict' is '" + *named + "'; known: open, accepted, criticised, skipped");
    }
    const auto judgment = object.find("judgment");
    if (judgment == object.end()) {
        return Verdict::Open;
    }
    return judgment->is_null() ? Verdict::Accepted : Verdict::Criticised;
}

NewResponse responseFrom(const Json& object, const std::string& where, int row)
{
    NewResponse r;
    const auto id = object.find("id");
    r.externalId = id == object.end() || id->is_null() ? std::to_string(row) : toLine(*id);
    r.instruction = requiredString(object, "instruction", where);
    r.input = optionalString(object, "input", where).value_or("");
    r.output = requiredString(object, "output", where);
    r.stoppedByLength = optionalString(object, "stopped", where) == "length";
    r.verdict = verdictOf(object, where);
    r.judgment = optionalString(object, "judgment", where).value_or("");
    r.hint = optionalString(object, "hint", where).value_or("");
    if (object.contains("marks") && !object.at("marks").is_null()) {
        try {
            r.marks = marksFromJson(object.at("marks").dump());
        } catch (const nlohmann::json::exception&) {
            throw badInput(where + ": field 'marks' must be a list of {begin, end, mark}");
        }
    }
    // What has no column is kept as it came; so is whether an empty input was there.
    Json extra = Json::object();
    for (const auto& [name, value] : object.items()) {
        if (std::find(kColumns.begin(), kColumns.end(), name) == kColumns.end()) {
            extra[name] = value;
        }
    }
    if (!object.contains("input")) {
        extra["$no_input"] = true;
    }
    r.extra = toLine(extra);
    return r;
}

using RowReader = std::function<std::optional<std::pair<Json, std::string>>()>;  // row and where it stands

RowReader cutReader(const std::string& path)
{
    auto rows = std::make_shared<Json>(readJsonFile(path, kMostBytes));
    if (!rows->is_array()) {
        throw badInput(path + ": a CUT file is one JSON list of records; for JSON Lines use the format jsonl");
    }
    auto at = std::make_shared<std::size_t>(0);
    return [rows, at, path]() -> std::optional<std::pair<Json, std::string>> {
        if (*at == rows->size()) {
            return std::nullopt;
        }
        const std::string where = path + ", record " + std::to_string(*at + 1);
        const Json& row = (*rows)[(*at)++];
        if (!row.is_object()) {
            throw badInput(where + ": expected an object, found " + std::string(row.type_name()));
        }
        return std::pair(row, where);
    };
}

RowReader linesReader(const std::string& path)
{
    auto reader = std::make_shared<JsonLinesReader>(path);
    return [reader]() -> std::optional<std::pair<Json, std::string>> {
        auto row = reader->next();
        return row ? std::optional(std::pair(std::move(*row), reader->where())) : std::nullopt;
    };
}

std::string detected(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    char c = 0;
    while (file.get(c) &&
           (c == ' ' || c == '\n' || c == '\r' || c == '\t' || static_cast<unsigned char>(c) == 0xEF ||
            static_cast<unsigned char>(c) == 0xBB || static_cast<unsigned char>(c) == 0xBF)) { }
    return c == '[' ? "cut" : "jsonl";
}

RowReader readerFor(const std::string& path, const std::string& format)
{
    const std::string chosen = format == "auto" || format.empty() ? detected(path) : format;
    if (chosen == "cut") {
        return cutReader(path);
    }
    if (chosen == "jsonl") {
        return linesReader(path);
    }
    throw Failure(FailureKind::Usage,
                  "Format '" + chosen + "' is not supported in this version; supported: cut, jsonl");
}

// What has no column, each name once: a mistyped judgment would make a response that waits to be judged.
class UnknownFields {
public:
    std::vector<Finding> look(const Json& row, const NewResponse& r, int number)
    {
        // A round's other objectives read these from an export.
        static const std::vector<std::string_view> kMeant = {"revision", "demonstration", "messages", "set"};
        std::vector<Finding> findings;
        for (const auto& [name, value] : row.items()) {
            const auto isIn = [&name = name](const auto& names) {
                return std::find(names.begin(), names.end(), name) != names.end();
            };
            if (!isIn(kColumns) && !isIn(kMeant) && m_named.size() < kMostNamed && m_named.insert(name).second) {
                findings.push_back(
                    {number, r.externalId,
                     "The field '" + name.substr(0, kLongestName) + "' means nothing here; it is kept as it came.",
                     "Check its spelling."});
            }
        }
        return findings;
    }

private:
    static constexpr std::size_t kMostNamed = 10;
    static constexpr std::size_t kLongestName = 80;
    std::set<std::string> m_named;
};

// The same response is there from an earlier import.
std::optional<Finding> knownAlready(const Project& project, const NewResponse& r, int number)
{
    const auto id = project.findExternal(r.externalId);
    const auto item = id ? project.item(*id) : std::nullopt;
    if (!item || item->instruction != r.instruction || item->output != r.output) {
        return std::nullopt;
    }
    return Finding{number, r.externalId, "The project has this response already.", "Keep one of them."};
}

void count(ImportResult& result, const NewResponse& r)
{
    ++result.responses;
    result.accepted += r.verdict == Verdict::Accepted ? 1 : 0;
    result.criticised += r.verdict == Verdict::Criticised ? 1 : 0;
    result.open += r.verdict == Verdict::Open ? 1 : 0;
}

}  // namespace

ImportResult importFile(Project& project, const std::string& path, const std::string& format, const ImportHooks& hooks)
{
    if (!std::filesystem::is_regular_file(path)) {
        throw badInput("Cannot import " + path + ": there is no such file");
    }
    const RowReader next = readerFor(path, format);
    ImportResult result;
    Linter linter;
    UnknownFields unknown;
    const std::int64_t batch = project.beginBatch(std::filesystem::path(path).filename().string());
    try {
        std::vector<NewResponse> pending;
        while (auto row = next()) {
            NewResponse r = responseFrom(row->first, row->second, result.responses + 1);
            r.judgedBy = hooks.judgedBy;
            count(result, r);
            for (auto& finding : linter.look(r, result.responses)) {
                result.findings.push_back(std::move(finding));
            }
            for (auto& finding : unknown.look(row->first, r, result.responses)) {
                result.findings.push_back(std::move(finding));
            }
            if (auto finding = knownAlready(project, r, result.responses)) {
                result.findings.push_back(std::move(*finding));
            }
            pending.push_back(std::move(r));
            if (pending.size() == kRowsPerTransaction) {
                project.addResponses(batch, pending);
                pending.clear();
                if (hooks.onProgress) {
                    hooks.onProgress(result.responses);
                }
                if (hooks.cancelled && hooks.cancelled()) {
                    throw Failure(FailureKind::Interrupted, "The import was cancelled; nothing was imported");
                }
            }
        }
        if (result.responses == 0) {
            throw badInput(path + " holds no records");
        }
        project.addResponses(batch, pending);
        project.publishBatch(batch);
    } catch (...) {
        project.cancelBatch(batch);
        throw;
    }
    return result;
}

std::vector<Instruction> readInstructions(const std::string& path)
{
    std::vector<Instruction> list;
    JsonLinesReader reader(path);
    while (const auto line = reader.next()) {
        const auto id = line->find("id");
        list.push_back({id == line->end() ? std::to_string(reader.lineNumber()) : toLine(*id),
                        requiredString(*line, "instruction", reader.where()),
                        optionalString(*line, "input", reader.where()).value_or(""),
                        optionalString(*line, "output", reader.where()).value_or("")});
    }
    return list;
}

}  // namespace stet::annotate
